using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Does again what the log says was done after the last commit.</summary>
/// <remarks>One thread, before the volume is open. Owns nothing. Two passes over the same batches: first <see cref="Claim"/> for all, then <see cref="Apply"/>.</remarks>
internal sealed class LogReplay
{
    private readonly BlockFile _file;
    private readonly BlockNodeStore _store;
    private readonly Tree _system;
    private readonly Tree _sharedExtents;
    private readonly Tree _files;
    private readonly HashKey _hashKey;
    private InodeNumber _nextInode;
    private ulong _inodeCount;
    private ulong _dataBlockCount;

    /// <summary>A replay on top of what a root says.</summary>
    public LogReplay(BlockFile file, BlockNodeStore store, in VolumeState state)
    {
        _file = file;
        _store = store;
        _system = new Tree(store, VolumeState.SystemTreeId, state.SystemTree);
        _sharedExtents = new Tree(store, VolumeState.SharedExtentTreeId, state.SharedExtentTree);
        _files = new Tree(store, VolumeState.FileTreeId, state.FileTree) { Recalls = true };
        _hashKey = state.HashKey;
        _nextInode = state.NextInode;
        _inodeCount = state.InodeCount;
        _dataBlockCount = state.DataBlockCount;
    }

    /// <summary>Where the volume stands after what was applied.</summary>
    public VolumeState State => new()
    {
        SystemTree = _system.Root,
        SharedExtentTree = _sharedExtents.Root,
        FileTree = _files.Root,
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

    /// <summary>Changes the trees as a batch says.</summary>
    /// <returns>EINVAL if a record cannot be applied; EBUSY if there is no memory for more nodes; ENOSPC, EIO.</returns>
    public Errno Apply(LogRecordReader records)
    {
        while (records.TryRead(out LogRecord record) == LogStatus.Ok)
        {
            Errno error = record.Kind switch
            {
                LogRecordKind.Put or LogRecordKind.Delete or LogRecordKind.Patch => Change(record),
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

    private static BlockRun RunOf(in LogRecord record) => new(record.Block, (int)Math.Min(record.BlockCount, int.MaxValue));

    private Errno Change(in LogRecord record)
    {
        Tree tree = record.Tree switch
        {
            LogTree.File => _files,
            LogTree.SharedExtents => _sharedExtents,
            _ => _system,
        };
        Errno error = Prepare(tree, record.Key, out int oldBytes);
        if (error != Errno.None)
        {
            return error;
        }

        bool isInode = record.Tree == LogTree.File && record.Key.Type() == ItemType.Inode;
        switch (record.Kind)
        {
            case LogRecordKind.Put:
                if (record.Value.Length > NodeFormat.MaxValueBytes)
                {
                    return Errno.EINVAL;
                }

                tree.Put(record.Key, record.Value, out _);
                _inodeCount += isInode && oldBytes < 0 ? 1UL : 0;
                return Errno.None;
            case LogRecordKind.Delete:
                _inodeCount -= isInode && oldBytes >= 0 ? 1UL : 0;
                TreeStatus deleted = tree.Delete(record.Key, out _);
                tree.DropEmptied();
                return deleted == TreeStatus.Ok ? Errno.None : Errno.EINVAL;
            default:
                return record.OffsetBytes + record.Value.Length <= oldBytes && tree.Patch(record.Key, record.OffsetBytes, record.Value, out _) == TreeStatus.Ok
                    ? Errno.None
                    : Errno.EINVAL;
        }
    }

    // Everything that a change of the item needs in memory; the length of what is there, or -1.
    private Errno Prepare(Tree tree, TreeKey key, out int oldBytes)
    {
        while (true)
        {
            TreeStatus status = tree.Touch(key, out NodePointer cold);
            oldBytes = -1;
            if (status == TreeStatus.Ok)
            {
                status = tree.Find(key, out ReadOnlySpan<byte> value, out cold);
                oldBytes = status == TreeStatus.Ok ? value.Length : -1;
            }

            if (status is TreeStatus.Ok or TreeStatus.NotFound)
            {
                // All of this fitted once, some of it with what is kept for deletions: a full volume must open again.
                return _store.ReserveUrgently(tree.WorstCaseNodeCount(1));
            }

            Errno error = status == TreeStatus.Damaged ? Errno.EIO : _store.Load(cold);
            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    private Errno Free(BlockRun run)
    {
        _dataBlockCount -= Math.Min((ulong)run.BlockCount, _dataBlockCount);
        Errno error = _file.Free(run.First, run.BlockCount, mayReuseAtOnce: false);

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
