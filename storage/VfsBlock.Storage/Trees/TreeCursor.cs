namespace VfsBlock.Storage;

/// <summary>
/// Walks a tree in key order, both ways. It stays in a leaf until that is through and then descends from the root again, so nodes need no links to
/// parents or neighbours, and starting again at a key costs one descent.
/// </summary>
/// <remarks>
/// Threads: as for <see cref="Tree"/>; it is valid until the caller's lock is let go or the tree is changed. On <see cref="TreeStatus.Cold"/>
/// load <see cref="Cold"/> and seek with a new cursor from where this one was.
/// </remarks>
public unsafe ref struct TreeCursor
{
    private readonly Tree _tree;
    private byte* _leaf;
    private int _index;
    private TreeKey _lower;
    private TreeKey _upper;
    private bool _hasUpper;
    private NodePointer _cold;

    /// <summary>A cursor that is nowhere yet: seek first.</summary>
    public TreeCursor(Tree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        _tree = tree;
    }

    /// <summary>The node that the last call needed and did not get; none if it did not answer Cold or Damaged.</summary>
    public readonly NodePointer Cold => _cold;

    /// <summary>Where the last call that answered Ok led.</summary>
    public readonly TreeItem Current => new(Key, Value);

    /// <summary>The key of the item.</summary>
    public readonly TreeKey Key => new LeafNode(_leaf).KeyAt(_index);

    /// <summary>The value of the item, in the node.</summary>
    public readonly ReadOnlySpan<byte> Value => new LeafNode(_leaf).ValueAt(_index);

    /// <summary>Goes to the first item whose key is not below <paramref name="key"/>.</summary>
    /// <returns>Ok, NotFound, Cold or Damaged; for all but the first the cursor stays where it was.</returns>
    public TreeStatus SeekCeiling(TreeKey key)
    {
        // In a sound tree the leaf that the key belongs into holds the answer, or else the next leaf begins with it.
        TreeStatus status = TryCeiling(key, key, out TreeKey? next);
        return status == TreeStatus.NotFound && next is { } start ? Twice(TryCeiling(start, key, out _)) : status;
    }

    /// <summary>Goes to the last item whose key is not above <paramref name="key"/>.</summary>
    /// <returns>Ok, NotFound, Cold or Damaged; for all but the first the cursor stays where it was.</returns>
    public TreeStatus SeekFloor(TreeKey key)
    {
        TreeStatus status = TryFloor(key, key, out TreeKey? previous);
        return status == TreeStatus.NotFound && previous is { } end ? Twice(TryFloor(end, key, out _)) : status;
    }

    /// <summary>Goes to the next item.</summary>
    /// <returns>Ok, NotFound at the end, Cold or Damaged; for all but the first the cursor stays where it was.</returns>
    public TreeStatus MoveNext()
    {
        if (_index + 1 < new LeafNode(_leaf).Count)
        {
            _index++;
            return TreeStatus.Ok;
        }

        return _hasUpper ? SeekCeiling(_upper) : TreeStatus.NotFound;
    }

    /// <summary>Goes to the item before.</summary>
    /// <returns>Ok, NotFound at the beginning, Cold or Damaged; for all but the first the cursor stays where it was.</returns>
    public TreeStatus MovePrevious()
    {
        if (_index > 0)
        {
            _index--;
            return TreeStatus.Ok;
        }

        return _lower == TreeKey.Min ? TreeStatus.NotFound : SeekFloor(Before(_lower));
    }

    /// <summary>No leaf of a sound tree is empty, so two leaves in a row without an answer are damage.</summary>
    private static TreeStatus Twice(TreeStatus status) => status == TreeStatus.NotFound ? TreeStatus.Damaged : status;

    internal static TreeKey Before(TreeKey key) => key.Low > 0 ? key with { Low = key.Low - 1 } : new TreeKey(key.High - 1, ulong.MaxValue);

    /// <summary>The first item not below <paramref name="key"/> in the leaf that <paramref name="place"/> belongs into.</summary>
    private TreeStatus TryCeiling(TreeKey place, TreeKey key, out TreeKey? next)
    {
        next = null;
        TreeStatus status = _tree.Descend(place, out TreePath path, out _cold);
        if (status != TreeStatus.Ok)
        {
            return status;
        }

        LeafNode leaf = path.Leaf;
        int index = leaf.FloorIndex(key);
        if (index < 0 || leaf.KeyAt(index) != key)
        {
            index++;
        }

        if (index < leaf.Count)
        {
            Enter(path, index);
            return TreeStatus.Ok;
        }

        next = path.HasUpper ? path.Upper : null;
        return TreeStatus.NotFound;
    }

    /// <summary>The last item not above <paramref name="key"/> in the leaf that <paramref name="place"/> belongs into.</summary>
    private TreeStatus TryFloor(TreeKey place, TreeKey key, out TreeKey? previous)
    {
        previous = null;
        TreeStatus status = _tree.Descend(place, out TreePath path, out _cold);
        if (status != TreeStatus.Ok)
        {
            return status;
        }

        int index = path.Leaf.FloorIndex(key);
        if (index >= 0)
        {
            Enter(path, index);
            return TreeStatus.Ok;
        }

        previous = path.Lower == TreeKey.Min ? null : Before(path.Lower);
        return TreeStatus.NotFound;
    }

    private void Enter(in TreePath path, int index)
    {
        _leaf = path.NodeAt(0);
        _index = index;
        _lower = path.Lower;
        _upper = path.Upper;
        _hasUpper = path.HasUpper;
    }
}
