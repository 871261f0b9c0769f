namespace VfsBlock.Mounted.Tests;

public sealed class VolumeLifetimeTests : LifetimeRules<VolumeMount>;
