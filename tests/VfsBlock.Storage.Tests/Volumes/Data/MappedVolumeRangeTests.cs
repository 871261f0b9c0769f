namespace VfsBlock.Storage.Tests;

public sealed class MappedVolumeRangeTests() : VolumeRangeTests(VolumeGround.Mapped);
