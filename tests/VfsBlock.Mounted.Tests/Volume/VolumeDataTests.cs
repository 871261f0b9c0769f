namespace VfsBlock.Mounted.Tests;

public sealed class VolumeDataTests : DataRules<VolumeMount>;
