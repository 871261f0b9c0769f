using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Something that <see cref="TreeChecker"/> found wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="TreeId">In which tree.</param>
/// <param name="Node">At which node.</param>
/// <param name="First">The lowest key that may be lost with it.</param>
/// <param name="Last">The highest key that may be lost with it.</param>
/// <param name="Fault">What the node's validation said; None for other kinds.</param>
/// <param name="Error">What the device said; None for other kinds.</param>
public readonly record struct TreeFinding(
    TreeFindingKind Kind, uint TreeId, NodePointer Node, TreeKey First, TreeKey Last, NodeFault Fault = NodeFault.None, Errno Error = Errno.None)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string what = Kind switch
        {
            TreeFindingKind.Unreadable => $"cannot be read: {ErrnoText.Describe(Error)}",
            TreeFindingKind.Invalid => $"is no valid node: {Fault}",
            TreeFindingKind.Claimed => "lies in blocks that belong to something else or do not exist",
            TreeFindingKind.Level => "is not one level below its parent",
            TreeFindingKind.TreeId => "says that it belongs to another tree",
            _ => "holds keys outside of the range that its parent gives it",
        };
        return $"tree {TreeId}, node at {Node.Block} of generation {Node.Generation}, keys {First} to {Last}: {what}";
    }
}
