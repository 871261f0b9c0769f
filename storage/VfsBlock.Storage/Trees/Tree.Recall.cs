namespace VfsBlock.Storage;

/// <content>
/// Ways that were found before. An operation looks at an item, announces its change and changes it: three descents to one leaf, of which
/// two are spared.
/// </content>
public sealed unsafe partial class Tree
{
    private const int RecalledMax = 8;

    private readonly TreePath[] _recalled = new TreePath[RecalledMax];
    private long _recalledEvictionCount;
    private int _recalledCount;
    private int _nextRecalled;
    private bool _recalls;

    /// <summary>
    /// True to remember ways. Set it only while the caller's lock keeps every other thread away; what was remembered before is forgotten.
    /// </summary>
    internal bool Recalls
    {
        set
        {
            Forget();
            _recalls = value;
        }
    }

    /// <summary>The way to a key, if it leads to a leaf where the tree was before.</summary>
    private bool TryRecall(TreeKey key, ref TreePath path)
    {
        if (_recalledEvictionCount != _store.EvictionCount)
        {
            Forget();
        }

        for (int index = 0; index < _recalledCount; index++)
        {
            ref TreePath candidate = ref _recalled[index];
            if (candidate.Lower <= key && (!candidate.HasUpper || key < candidate.Upper))
            {
                path = candidate;
                return true;
            }
        }

        return false;
    }

    private void Remember(in TreePath path)
    {
        _recalled[_nextRecalled] = path;
        _nextRecalled = (_nextRecalled + 1) % RecalledMax;
        _recalledCount = Math.Max(_recalledCount, _nextRecalled == 0 ? RecalledMax : _nextRecalled);
    }

    /// <summary>Called before any node comes, goes or moves: no way may lead over it.</summary>
    private void Forget()
    {
        _recalledCount = 0;
        _nextRecalled = 0;
        _recalledEvictionCount = _store.EvictionCount;
    }

    private byte* AllocateNode(out BlockNumber block)
    {
        Forget();
        return _store.Allocate(out block);
    }

    private void FreeNode(in NodePointer node)
    {
        Forget();
        _store.Free(node);
    }
}
