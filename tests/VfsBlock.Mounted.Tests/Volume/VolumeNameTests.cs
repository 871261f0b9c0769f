namespace VfsBlock.Mounted.Tests;

public sealed class VolumeNameTests : NameRules<VolumeMount>;
