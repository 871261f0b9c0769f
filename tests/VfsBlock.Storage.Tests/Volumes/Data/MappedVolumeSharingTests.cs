namespace VfsBlock.Storage.Tests;

public sealed class MappedVolumeSharingTests() : VolumeSharingTests(VolumeGround.Mapped);
