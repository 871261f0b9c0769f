namespace VfsBlock.Mounted.Tests;

public sealed class MemoryDataTests : DataRules<MemoryMount>;
