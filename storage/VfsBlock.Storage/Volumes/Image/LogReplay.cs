using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Does again what the log says was done after the last commit.</summary>
/// <remarks>
/// <para>
/// One thread, before the volume is open. Owns memory for changes that were read and not done yet, half of what the image has for nodes. Two passes over the same
/// batches: first <see cref="Claim"/> for all, then <see cref="Apply"/> for all, and <see cref="Finish"/>.
/// </para>
/// <para>
/// Changes of items are done in the order of their keys, so that each leaf is read and changed once; only changes of the same item depend on each other, and these stay in
/// order. Nothing is committed in between: leaves that are through are written to their new places when memory runs short, where no root reaches them before the one
/// commit that ends the recovery.
/// </para>
/// </remarks>
internal sealed class LogReplay : IDisposable
{
    private readonly BlockFile _file;
    private readonly BlockNodeStore _store;
    private readonly Tree[] _trees;
    private readonly ReplayWindow _window;
    private readonly ReplayAhead _ahead;
    private readonly HashKey _hashKey;
    private readonly int _nodeCount;
    private InodeNumber _nextInode;
    private ulong _inodeCount;
    private ulong _dataBlockCount;

    /// <summary>A replay on top of what a root says.</summary>
    public LogReplay(BlockFile file, BlockNodeStore store, in VolumeState state, VolumeOptions options)
    {
        _file = file;
        _store = store;
        _trees =
        [
            new Tree(store, VolumeState.SystemTreeId, state.SystemTree),
            new Tree(store, VolumeState.SharedExtentTreeId, state.SharedExtentTree),
            new Tree(store, VolumeState.FileTreeId, state.FileTree) { Recalls = true },
        ];
        _window = new ReplayWindow((int)Math.Min(file.FrameMemoryBytes / 2, options.ReplayWindowBytes));
        _nodeCount = options.ReplayNodeCount;
        _ahead = new ReplayAhead(store, TreeOf);
        _hashKey = state.HashKey;
        _nextInode = state.NextInode;
        _inodeCount = state.InodeCount;
        _dataBlockCount = state.DataBlockCount;
    }

    /// <summary>Where the volume stands after what was applied.</summary>
    public VolumeState State => new()
    {
        SystemTree = TreeOf(LogTree.System).Root,
        SharedExtentTree = TreeOf(LogTree.SharedExtents).Root,
        FileTree = TreeOf(LogTree.File).Root,
        NextInode = _nextInode,
        InodeCount = _inodeCount,
        DataBlockCount = _dataBlockCount,
        HashKey = _hashKey,
    };

    /// <summary>Sets the runs aside that a batch allocates, so that no node takes their place.</summary>
    /// <returns>EINVAL if the log names what cannot be; ENOSPC, EIO.</returns>
    public Errno Claim(LogRecordReader records)
    {
        while (records.TryRead(out LogRecord record) == LogStatus.Ok)
        {
            if (record.Kind == LogRecordKind.Allocate && _file.Claim(RunOf(record)) is not Errno.None and var error)
            {
                return error;
            }
        }

        return Errno.None;
    }

    /// <summary>Does what a batch says; changes of items may wait until <see cref="Finish"/>.</summary>
    /// <returns>EINVAL if a record cannot be applied; EBUSY if there is no memory for more nodes; ENOSPC, EIO.</returns>
    public Errno Apply(LogRecordReader records)
    {
        while (records.TryRead(out LogRecord record) == LogStatus.Ok)
        {
            Errno error = record.Kind switch
            {
                LogRecordKind.Put or LogRecordKind.Delete or LogRecordKind.Patch => Gather(record),
                LogRecordKind.Free => Free(RunOf(record)),
                LogRecordKind.Allocate => Count(record.BlockCount),
                LogRecordKind.NextInode => SetNextInode(record.NextInode),
                _ => Errno.None,
            };
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }

    /// <summary>Does the changes of items that wait, in the order of their keys.</summary>
    /// <inheritdoc cref="Apply"/>
    public Errno Finish()
    {
        _window.Sort();
        _ahead.Restart();
        ReadOnlySpan<ReplayItem> items = _window.Items;
        for (int index = 0; index < items.Length; index++)
        {
            _ahead.Advance(items, index);
            Errno error = Change(items[index]);
            if (error != Errno.None)
            {
                return error;
            }
        }

        _window.Clear();
        return Errno.None;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _window.Dispose();

    private static BlockRun RunOf(in LogRecord record) => new(record.Block, (int)Math.Min(record.BlockCount, int.MaxValue));

    private Tree TreeOf(LogTree tree) => _trees[(int)tree];

    private Errno Gather(in LogRecord record)
    {
        if (_window.TryAdd(record))
        {
            return Errno.None;
        }

        Errno error = Finish();
        return error != Errno.None || _window.TryAdd(record) ? error : Errno.EINVAL;
    }

    private Errno Change(in ReplayItem item)
    {
        Tree tree = TreeOf(item.Tree);
        Errno error = Prepare(tree, item.Key, out int oldBytes);
        if (error != Errno.None)
        {
            return error;
        }

        bool isInode = item.Tree == LogTree.File && item.Key.Type() == ItemType.Inode;
        TreeStatus status;
        switch (item.Kind)
        {
            case LogRecordKind.Put:
                status = tree.Put(item.Key, _window.ValueOf(item), out _);
                _inodeCount += isInode && oldBytes < 0 ? 1UL : 0;
                break;
            case LogRecordKind.Delete:
                status = tree.Delete(item.Key, out _);
                tree.DropEmptied();
                _inodeCount -= isInode && oldBytes >= 0 ? 1UL : 0;
                break;
            default:
                bool fits = item.OffsetBytes + item.ValueBytes <= oldBytes;
                status = fits ? tree.Patch(item.Key, item.OffsetBytes, _window.ValueOf(item), out _) : TreeStatus.NotFound;
                break;
        }

        return status switch
        {
            TreeStatus.Ok => Errno.None,
            TreeStatus.NotFound => Errno.EINVAL,
            _ => Errno.EIO,
        };
    }

    // Everything that a change of the item needs in memory; the length of what is there, or -1. Nodes are reserved first: that can take the memory of others.
    private Errno Prepare(Tree tree, TreeKey key, out int oldBytes)
    {
        oldBytes = -1;
        var loader = new NodeLoader(_store);
        while (true)
        {
            Errno error = Reserve(tree);
            if (error != Errno.None)
            {
                return error;
            }

            TreeStatus status = tree.Find(key, out ReadOnlySpan<byte> value, out NodePointer cold);
            if (status is TreeStatus.Ok or TreeStatus.NotFound)
            {
                oldBytes = status == TreeStatus.Ok ? value.Length : -1;
                return Errno.None;
            }

            error = status == TreeStatus.Damaged ? Errno.EIO : loader.Load(cold);
            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    private Errno Reserve(Tree tree)
    {
        // All of this fitted once, some of it with what is kept for deletions: a full volume must open again.
        int nodeCount = tree.WorstCaseNodeCount(1);
        Errno error = _store.OpenCount < _nodeCount ? _store.ReserveUrgently(nodeCount) : Errno.EBUSY;
        if (error != Errno.EBUSY)
        {
            return error;
        }

        error = _store.WriteAhead(_trees);
        return error == Errno.None ? _store.ReserveUrgently(nodeCount) : error;
    }

    private Errno Free(BlockRun run)
    {
        _dataBlockCount -= Math.Min((ulong)run.BlockCount, _dataBlockCount);
        Errno error = _file.FreeData(run, mayReuseAtOnce: false);

        // A file of a damaged image may have named blocks that are nobody's: deleting it wrote the record, and must not keep the image from being opened.
        return error is Errno.EINVAL or Errno.ENOENT ? Errno.None : error;
    }

    private Errno Count(uint blockCount)
    {
        _dataBlockCount += blockCount;
        return Errno.None;
    }

    private Errno SetNextInode(ulong number)
    {
        _nextInode = new InodeNumber(Math.Max(number, _nextInode.Value));
        return Errno.None;
    }
}
