namespace VfsBlock.Mounted.Tests;

public sealed class VolumeParallelTests : ParallelRules<VolumeMount>;
