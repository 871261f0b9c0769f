using VfsBlock.Fuse;

namespace Tmds.Fuse;

/// <summary>What an operation needs of the table: one path or two, and whether it is to change what stands there.</summary>
internal readonly ref struct PathClaim
{
    /// <summary>The node, or the directory of <see cref="Name"/>.</summary>
    public required NodeId Node { get; init; }

    /// <summary>A name in that directory; empty for the node itself.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>The directory of <see cref="SecondName"/>; none if that is empty.</summary>
    public NodeId SecondParent { get; init; }

    /// <summary>A name in the second directory; empty if there is only one path.</summary>
    public ReadOnlySpan<byte> SecondName { get; init; }

    /// <summary>Whether the nodes of the names are to be had alone.</summary>
    public bool TakesTargets { get; init; }

    /// <summary>Whether the node itself is to be had alone.</summary>
    public bool TakesNode { get; init; }

    /// <summary>Whether a removed node will do: its handles are still open.</summary>
    public bool AllowsRemoved { get; init; }
}
