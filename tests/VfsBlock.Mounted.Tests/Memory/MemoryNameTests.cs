namespace VfsBlock.Mounted.Tests;

public sealed class MemoryNameTests : NameRules<MemoryMount>;
