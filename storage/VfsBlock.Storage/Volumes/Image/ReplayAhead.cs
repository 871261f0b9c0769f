using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Has the leaves fetched that the changes to come need, so that the disk is busy with many at once. Where the keys are sorted and lie close together, this reads most of
/// the image's nodes in the order in which they lie there.
/// </summary>
/// <remarks>Owns the list of leaves asked for. One thread. What goes wrong here goes wrong again where the leaf is needed, and is told there.</remarks>
internal sealed class ReplayAhead(BlockNodeStore store, Func<LogTree, Tree> treeOf)
{
    private const int LeavesAtOnce = 2048;

    private readonly BlockNumber[] _leaves = new BlockNumber[LeavesAtOnce];
    private int _askedThrough;
    private int _nextStop;

    /// <summary>Begins with other changes.</summary>
    public void Restart()
    {
        _askedThrough = 0;
        _nextStop = 0;
    }

    /// <summary>Called before each change: asks for the leaves of a stretch when the stretch before it begins.</summary>
    /// <param name="items">All changes, sorted.</param>
    /// <param name="index">The next one.</param>
    public void Advance(ReadOnlySpan<ReplayItem> items, int index)
    {
        if (index < _nextStop)
        {
            return;
        }

        if (index == 0)
        {
            Ask(items);
        }

        _nextStop = _askedThrough;
        Ask(items);
    }

    private void Ask(ReadOnlySpan<ReplayItem> items)
    {
        int count = 0;
        while (count < LeavesAtOnce && _askedThrough < items.Length)
        {
            ReplayItem item = items[_askedThrough];
            if (!TryLocate(treeOf(item.Tree), item.Key, out NodePointer leaf, out TreeKey? end))
            {
                _askedThrough = items.Length;
                break;
            }

            if (!leaf.IsNone && !store.IsInMemory(leaf))
            {
                _leaves[count++] = leaf.Block;
            }

            Skip(items, item.Tree, end);
        }

        store.ReadAhead(_leaves.AsSpan(0, count));
    }

    /// <summary>Goes behind the changes of the same leaf.</summary>
    private void Skip(ReadOnlySpan<ReplayItem> items, LogTree tree, TreeKey? end)
    {
        while (_askedThrough < items.Length && items[_askedThrough].Tree == tree && (end is not { } bound || items[_askedThrough].Key < bound))
        {
            _askedThrough++;
        }
    }

    private bool TryLocate(Tree tree, TreeKey key, out NodePointer leaf, out TreeKey? end)
    {
        while (true)
        {
            TreeStatus status = tree.Locate(key, out leaf, out end, out NodePointer cold);
            if (status != TreeStatus.Cold)
            {
                return status != TreeStatus.Damaged;
            }

            if (store.Load(cold) != Errno.None)
            {
                return false;
            }
        }
    }
}
