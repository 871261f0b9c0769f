namespace VfsBlock.Mounted.Tests;

public sealed class VolumeAttributeTests : AttributeRules<VolumeMount>;
