namespace VfsBlock.Storage.Tests;

public sealed class MappedVolumeFullTests() : VolumeFullTests(VolumeGround.Mapped);
