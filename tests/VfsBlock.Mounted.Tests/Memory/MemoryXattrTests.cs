namespace VfsBlock.Mounted.Tests;

public sealed class MemoryXattrTests : XattrRules<MemoryMount>;
