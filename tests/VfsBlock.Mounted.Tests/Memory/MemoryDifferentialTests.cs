using Xunit.Abstractions;

namespace VfsBlock.Mounted.Tests;

public sealed class MemoryDifferentialTests(ITestOutputHelper output) : DifferentialRules<MemoryMount>(output);
