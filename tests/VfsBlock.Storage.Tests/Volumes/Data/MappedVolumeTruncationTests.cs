namespace VfsBlock.Storage.Tests;

public sealed class MappedVolumeTruncationTests() : VolumeTruncationTests(VolumeGround.Mapped);
