namespace VfsBlock.Storage.Tests.Checking;

/// <summary>One thing made wrong in a sample volume, and the name that the checker must find it by.</summary>
internal sealed record SeededCorruption(VolumeFindingKind Expected, Action<VolumeEditor, SampleVolume> Make);
