namespace VfsBlock.Storage;

/// <summary>
/// A copy-on-write B+tree of the store (FORMAT.md section 2). It owns its root pointer and nothing else: nodes belong to the <see cref="INodeStore"/>.
/// </summary>
/// <remarks>
/// <para>Threads: it takes no lock. The caller's lock keeps a change apart from everything else; any number of threads read at once. Spans and
/// cursors are valid until that lock is let go or the tree is changed.</para>
/// <para>No operation does I/O or fails half way: it completes, or it changes nothing and says why. On <see cref="TreeStatus.Cold"/> the caller lets its
/// lock go, loads the node named, and starts again from the beginning. Several changes that belong together are made safe in two
/// steps: <see cref="Touch"/> every key, reserve <see cref="WorstCaseNodeCount"/> nodes, and then, with the lock still held, none of them can fail.</para>
/// <para>A node that was not born in the store's open generation is never changed: a copy takes its place, up to the root. So any root of a
/// closed generation stays the whole tree as it was, byte for byte, for as long as its blocks are kept.</para>
/// </remarks>
public sealed unsafe partial class Tree
{
    private readonly INodeStore _store;
    private NodePointer _root;

    /// <summary>A tree over what a root pointer reaches.</summary>
    /// <param name="store">Where the nodes are.</param>
    /// <param name="treeId">What new nodes say they belong to; FORMAT.md section 2 lists the ids.</param>
    /// <param name="root">The root; <see cref="NodePointer.None"/> for an empty tree.</param>
    public Tree(INodeStore store, uint treeId, NodePointer root)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        Id = treeId;
        _root = root;
    }

    /// <summary>What new nodes say they belong to.</summary>
    public uint Id { get; }

    /// <summary>The root now. Its checksum is set only if it belongs to a sealed generation.</summary>
    public NodePointer Root => _root;

    /// <summary>Looks an item up.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value, in the node.</param>
    /// <param name="cold">The node to load, or the damaged one; none for the other answers.</param>
    /// <returns>Ok, NotFound, Cold or Damaged.</returns>
    public TreeStatus Find(TreeKey key, out ReadOnlySpan<byte> value, out NodePointer cold)
    {
        value = default;
        TreeStatus status = FindLeaf(key, out byte* node, out cold);
        if (status != TreeStatus.Ok)
        {
            return status;
        }

        var leaf = new LeafNode(node);
        if (!leaf.TryFind(key, out int index))
        {
            return TreeStatus.NotFound;
        }

        value = leaf.ValueAt(index);
        return TreeStatus.Ok;
    }

    /// <summary>The last item whose key is not above <paramref name="key"/>.</summary>
    /// <returns>Ok, NotFound, Cold or Damaged.</returns>
    /// <inheritdoc cref="Find"/>
    public TreeStatus FindFloor(TreeKey key, out TreeItem item, out NodePointer cold)
    {
        var cursor = new TreeCursor(this);
        TreeStatus status = cursor.SeekFloor(key);
        item = status == TreeStatus.Ok ? cursor.Current : default;
        cold = cursor.Cold;
        return status;
    }

    /// <summary>The first item whose key is not below <paramref name="key"/>.</summary>
    /// <returns>Ok, NotFound, Cold or Damaged.</returns>
    /// <inheritdoc cref="Find"/>
    public TreeStatus FindCeiling(TreeKey key, out TreeItem item, out NodePointer cold)
    {
        var cursor = new TreeCursor(this);
        TreeStatus status = cursor.SeekCeiling(key);
        item = status == TreeStatus.Ok ? cursor.Current : default;
        cold = cursor.Cold;
        return status;
    }

    /// <summary>
    /// Makes sure that the nodes which a change of <paramref name="key"/> needs are in memory: until the lock is let go, no Put, Patch or Delete
    /// of it answers Cold or Damaged.
    /// </summary>
    /// <returns>Ok (also if there is no such item), Cold or Damaged.</returns>
    /// <inheritdoc cref="Find"/>
    public TreeStatus Touch(TreeKey key, out NodePointer cold)
    {
        TreeStatus status = Descend(key, out TreePath path, out cold);
        if (status == TreeStatus.Ok && path.RootLevel == NodeFormat.MaxLevel)
        {
            // It may have to grow, and cannot. No sound tree comes near.
            cold = _root;
            return TreeStatus.Damaged;
        }

        return status == TreeStatus.NotFound ? TreeStatus.Ok : status;
    }

    /// <summary>The most nodes that so many changes can take, for <see cref="INodeStore.Reserve"/>.</summary>
    /// <param name="changeCount">How many calls of Put, Patch and Delete follow.</param>
    /// <returns>A number of nodes.</returns>
    public int WorstCaseNodeCount(int changeCount)
    {
        // Each change may copy the path and split every node on it, and the first ones may make the tree higher.
        int rootLevel = _root.IsNone ? 0 : RootLevel;
        int levelCount = Math.Min(rootLevel + 2, NodeFormat.MaxLevel + 1);
        int everywhere = checked(changeCount * 2 * levelCount);

        // But there is one root. It is copied once, and an inner one is full again only after very many changes; the tree may become lower and higher in between,
        // which takes two changes at least. A root that is a leaf may be split by each change.
        int atRoot = 5 + (changeCount / 2);
        return Math.Min(everywhere, atRoot + (rootLevel == 0 ? changeCount : checked(changeCount * 2 * rootLevel)));
    }

    /// <summary>The root was sealed.</summary>
    internal void SetRootChecksum(uint checksum) => _root = _root with { Checksum = checksum };
}
