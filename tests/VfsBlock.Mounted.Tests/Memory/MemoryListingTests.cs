namespace VfsBlock.Mounted.Tests;

public sealed class MemoryListingTests : ListingRules<MemoryMount>;
