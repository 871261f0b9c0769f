namespace VfsBlock.Mounted.Tests;

public sealed class VolumeShellTests : ShellRules<VolumeMount>;
