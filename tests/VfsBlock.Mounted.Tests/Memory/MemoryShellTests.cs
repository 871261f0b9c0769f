namespace VfsBlock.Mounted.Tests;

public sealed class MemoryShellTests : ShellRules<MemoryMount>;
