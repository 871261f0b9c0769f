using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The only way to change a volume's trees. An operation announces every item (<c>Will...</c>), the runner sets nodes and log space aside for
/// that much, and the changes then cannot fail; each also goes to the log.
/// </summary>
/// <remarks>Lives on the stack, in one hold of the volume's lock, exclusively.</remarks>
internal ref struct VolumeTransaction
{
    // Kind, tree, length and key of a record; offset of a patch.
    private const int RecordOverheadBytes = 24;
    private const int LeafSlotBytes = 20;

    // A leaf has at least so many bytes of items, and when it splits both halves have room for so many more.
    private const int LeafShareBytes = 3072;

    private readonly VolumeCore _core;
    private int _fileChangeCount;
    private int _sharedChangeCount;
    private int _systemChangeCount;
    private int _recordBytes;
    private int _sharedRangeCount;
    private SharedRangeList _sharedRanges;
    private int _moveCount;
    private int _moveBytes;
    private int _nearCount;
    private int _nearBytes;

    /// <summary>Begins one.</summary>
    public VolumeTransaction(VolumeCore core)
    {
        _core = core;
        View = new VolumeView(core);
        Now = Timestamp.Now(core.Clock);
    }

    /// <summary>What the operation sees.</summary>
    public VolumeView View;

    /// <summary>The one reading of the clock that all times of the operation come from.</summary>
    public Timestamp Now { get; }

    /// <summary>The open generation. A crash that takes a new inode back also ends it, so with the number it names an inode for good.</summary>
    public readonly ulong Generation => _core.Store.Generation;

    /// <summary>Announces that an item is put.</summary>
    /// <param name="key">The item.</param>
    /// <param name="valueBytes">At most so many bytes.</param>
    /// <param name="tree">Its tree.</param>
    /// <returns>Whether to go on.</returns>
    public bool WillPut(TreeKey key, int valueBytes, LogTree tree = LogTree.File)
    {
        _recordBytes += RecordOverheadBytes + valueBytes;
        switch (tree)
        {
            case LogTree.File:
                _fileChangeCount++;
                break;
            case LogTree.SharedExtents:
                _sharedChangeCount++;
                break;
            default:
                _systemChangeCount++;
                break;
        }

        return View.Check(_core.TreeOf(tree).Touch(key, out NodePointer cold), cold);
    }

    /// <summary>Announces that an item is deleted.</summary>
    /// <inheritdoc cref="WillPut"/>
    public bool WillDelete(TreeKey key, LogTree tree = LogTree.File) => WillPut(key, 0, tree);

    /// <summary>Announces changes of items whose leaves other announcements name.</summary>
    /// <param name="tree">Their tree.</param>
    /// <param name="count">How many.</param>
    /// <param name="valueBytes">At most so many bytes each.</param>
    public void WillPutMore(LogTree tree, int count, int valueBytes)
    {
        _recordBytes += count * (RecordOverheadBytes + valueBytes);
        ref int announced = ref _fileChangeCount;
        if (tree != LogTree.File)
        {
            announced = ref tree == LogTree.SharedExtents ? ref _sharedChangeCount : ref _systemChangeCount;
        }

        announced += count;
    }

    /// <summary>
    /// Announces a change in a row of items of the file tree, all of which the change replaces or deletes, or puts between them: they meet leaf after leaf, which takes fewer
    /// nodes than as many changes anywhere. One such row a change.
    /// </summary>
    /// <param name="key">The item.</param>
    /// <param name="valueBytes">At most so many bytes then; 0 if it is deleted.</param>
    /// <param name="oldValueBytes">So many bytes now.</param>
    /// <returns>Whether to go on.</returns>
    public bool WillPutInRow(TreeKey key, int valueBytes, int oldValueBytes)
    {
        _nearCount++;
        _nearBytes += valueBytes + oldValueBytes + LeafSlotBytes;
        _recordBytes += RecordOverheadBytes + valueBytes;
        return View.Check(_core.Files.Touch(key, out NodePointer cold), cold);
    }

    /// <summary>
    /// Announces that an item of the file tree goes and comes again under another key, not far from there. Many such moves are cheaper than as many changes
    /// anywhere: they meet leaf after leaf.
    /// </summary>
    /// <param name="from">The item.</param>
    /// <param name="to">Its other key.</param>
    /// <param name="valueBytes">Its length.</param>
    /// <returns>Whether to go on.</returns>
    public bool WillMove(TreeKey from, TreeKey to, int valueBytes)
    {
        _moveCount++;
        _moveBytes += valueBytes + LeafSlotBytes;
        _recordBytes += (2 * RecordOverheadBytes) + valueBytes;
        return View.Check(_core.Files.Touch(from, out NodePointer cold), cold) && View.Check(_core.Files.Touch(to, out cold), cold);
    }

    /// <summary>Makes sure that the way to an item is in memory; what is changed there is announced apart from it.</summary>
    /// <returns>Whether to go on.</returns>
    public bool WillMeet(TreeKey key, LogTree tree) => View.Check(_core.TreeOf(tree).Touch(key, out NodePointer cold), cold);

    /// <summary>Notes a range of blocks whose references this change counts up or down.</summary>
    /// <returns>How many of those before may have blocks of it.</returns>
    public int TakeSharedRange(BlockRun run)
    {
        int index = _sharedRangeCount++;
        int overlapCount = 0;
        for (int before = 0; before < Math.Min(index, SharedRangeList.Capacity); before++)
        {
            BlockRun other = _sharedRanges[before];
            overlapCount += other.First < run.End && run.First < other.End ? 1 : 0;
        }

        if (index < SharedRangeList.Capacity)
        {
            _sharedRanges[index] = run;
        }

        // Those that there was no room to remember may.
        return overlapCount + Math.Max(0, index - SharedRangeList.Capacity);
    }

    /// <summary>Announces that an inode's attributes change.</summary>
    /// <returns>Whether to go on.</returns>
    public bool WillUpdate(InodeNumber inode) => WillPut(FileKey.Of(inode, ItemType.Inode), InodeItem.EncodedBytes);

    /// <summary>Announces log records that the caller writes itself.</summary>
    public void WillLog(int recordBytes) => _recordBytes += recordBytes;

    /// <summary>The number that a new inode is going to have.</summary>
    /// <returns>Whether to go on: ENOSPC if there are none left, which only a damaged image can come to.</returns>
    public bool NextInode(out InodeNumber number)
    {
        number = _core.NextInode;
        return number.Value <= FileKey.MaxSub || View.Fail(Errno.ENOSPC);
    }

    /// <summary>Sets aside what the announced changes can need.</summary>
    /// <returns>False with ENOSPC or EBUSY.</returns>
    /// <param name="right">Which reserves it may use.</param>
    public bool Reserve(ChangeRight right)
    {
        // Each leaf that moved items were in or go to, and what it can split into, counts as one change; there is one more at each end.
        int leafCount = LeavesFor(2 * _moveCount, _moveBytes) + LeavesFor(_nearCount, _nearBytes);
        int nodeCount = CountNodes(LogTree.File, _fileChangeCount + leafCount)
            + CountNodes(LogTree.SharedExtents, _sharedChangeCount)
            + CountNodes(LogTree.System, _systemChangeCount);
        Errno refused = right != ChangeRight.Ordinary ? _core.Store.ReserveUrgently(nodeCount) : _core.Store.Reserve(nodeCount);
        if (refused == Errno.None)
        {
            // A new inode number also goes to the log.
            refused = _core.Log.Reserve(_recordBytes + RecordOverheadBytes, right == ChangeRight.Urgent);
        }

        _fileChangeCount += (2 * _moveCount) + _nearCount;
        return refused == Errno.None || View.Fail(refused);
    }

    /// <summary>Inserts an item, or replaces its value.</summary>
    public void Put(TreeKey key, scoped ReadOnlySpan<byte> value, LogTree tree = LogTree.File)
    {
        Take(tree, key);
        Check(_core.TreeOf(tree).Put(key, value, out _), key);
        _core.Log.Put(tree, key, value);
    }

    /// <summary>Deletes an item that is there.</summary>
    public void Delete(TreeKey key, LogTree tree = LogTree.File)
    {
        Take(tree, key);
        Check(_core.TreeOf(tree).Delete(key, out _), key);
        _core.Log.Delete(tree, key);
    }

    /// <summary>Overwrites a part of an item's value.</summary>
    public void Patch(TreeKey key, int offsetBytes, scoped ReadOnlySpan<byte> bytes, LogTree tree = LogTree.File)
    {
        Take(tree, key);
        Check(_core.TreeOf(tree).Patch(key, offsetBytes, bytes, out _), key);
        _core.Log.Patch(tree, key, offsetBytes, bytes);
    }

    /// <summary>Writes down what changed in an inode's attributes, and no more: most changes are a few bytes.</summary>
    public void Update(InodeNumber inode, in InodeItem before, in InodeItem after)
    {
        ReadOnlySpan<byte> old = InodeItem.BytesOf(in before);
        ReadOnlySpan<byte> changed = InodeItem.BytesOf(in after);
        int first = old.CommonPrefixLength(changed);
        if (first == old.Length)
        {
            return;
        }

        int end = old.Length;
        while (old[end - 1] == changed[end - 1])
        {
            end--;
        }

        Patch(FileKey.Of(inode, ItemType.Inode), first, changed[first..end]);
    }

    /// <summary>Puts the attributes of a new inode, and uses its number up.</summary>
    public void Add(InodeNumber number, in InodeItem inode)
    {
        Put(FileKey.Of(number, ItemType.Inode), InodeItem.BytesOf(in inode));
        _core.NextInode = new InodeNumber(number.Value + 1);
        _core.InodeCount++;
        _core.Log.SetNextInode(_core.NextInode);
    }

    private static int LeavesFor(int changeCount, int bytes) => Math.Min(changeCount, (3 * bytes / LeafShareBytes) + 6);

    private readonly int CountNodes(LogTree tree, int changeCount) =>
        changeCount == 0 ? 0 : _core.TreeOf(tree).WorstCaseNodeCount(changeCount);

    /// <summary>Uses up one of the announced changes.</summary>
    private void Take(LogTree tree, TreeKey key)
    {
        ref int left = ref _fileChangeCount;
        if (tree != LogTree.File)
        {
            left = ref tree == LogTree.SharedExtents ? ref _sharedChangeCount : ref _systemChangeCount;
        }

        if (left-- <= 0)
        {
            throw new InvalidOperationException($"The change of item {key} was not announced.");
        }
    }

    [InlineArray(Capacity)]
    private struct SharedRangeList
    {
        public const int Capacity = 16;

        private BlockRun _first;
    }

    private static void Check(TreeStatus status, TreeKey key)
    {
        if (status != TreeStatus.Ok)
        {
            throw new TreeDamagedException($"The change of item {key}, which was announced, failed: {status}.");
        }
    }
}
