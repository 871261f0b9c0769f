namespace VfsBlock.Mounted.Tests;

public sealed class VolumeRenameTests : RenameRules<VolumeMount>;
