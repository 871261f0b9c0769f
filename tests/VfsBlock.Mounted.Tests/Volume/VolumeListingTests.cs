namespace VfsBlock.Mounted.Tests;

public sealed class VolumeListingTests : ListingRules<VolumeMount>;
