namespace VfsBlock.Mounted.Tests;

public sealed class MemoryRenameTests : RenameRules<MemoryMount>;
