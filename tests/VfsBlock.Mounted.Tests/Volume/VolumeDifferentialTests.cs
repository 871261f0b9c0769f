using Xunit.Abstractions;

namespace VfsBlock.Mounted.Tests;

public sealed class VolumeDifferentialTests(ITestOutputHelper output) : DifferentialRules<VolumeMount>(output);
