namespace VfsBlock.Mounted.Tests;

public sealed class MemoryParallelTests : ParallelRules<MemoryMount>;
