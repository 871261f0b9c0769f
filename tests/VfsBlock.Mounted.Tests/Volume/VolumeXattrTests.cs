namespace VfsBlock.Mounted.Tests;

public sealed class VolumeXattrTests : XattrRules<VolumeMount>;
