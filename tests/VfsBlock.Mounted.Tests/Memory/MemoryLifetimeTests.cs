namespace VfsBlock.Mounted.Tests;

public sealed class MemoryLifetimeTests : LifetimeRules<MemoryMount>;
