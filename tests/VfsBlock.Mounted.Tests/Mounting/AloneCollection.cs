using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Tests during which no other test of this process may run.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
