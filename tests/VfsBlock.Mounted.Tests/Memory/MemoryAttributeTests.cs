namespace VfsBlock.Mounted.Tests;

public sealed class MemoryAttributeTests : AttributeRules<MemoryMount>;
