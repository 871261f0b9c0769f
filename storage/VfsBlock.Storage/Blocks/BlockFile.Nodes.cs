using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What <see cref="BlockNodeStore"/> needs beyond leases.</summary>
public sealed partial class BlockFile
{
    private int _loadCount;

    /// <summary>True if <see cref="Locate"/> is called without the lock: frames are then recycled only where nobody can be looking at them.</summary>
    internal bool HasUnlockedReaders
    {
        get => _frames.HasUnlockedReaders;
        set => _frames.HasUnlockedReaders = value;
    }

    /// <summary>How many frames were taken out of the table to make room.</summary>
    internal long EvictionCount => _frames.EvictionCount;

    /// <summary>Sets blocks and a frame aside. Exclusive to readers without the lock.</summary>
    /// <returns>ENOSPC; EBUSY if frames are used up; EROFS; EIO.</returns>
    internal Errno HoldNode(int blockCount, AllocationRight right, out HeldNode held)
    {
        held = default;
        var request = new AllocationRequest(AllocationStream.Metadata, blockCount, blockCount, right, IsHeld: true);
        Errno error = Allocate(request, out BlockRun run);
        if (error != Errno.None)
        {
            return error;
        }

        lock (_gate)
        {
            if (_frames.TryTake(run.First.Value, blockCount, isExclusive: true, out int frame))
            {
                held = new HeldNode(run, frame);
                return Errno.None;
            }

            _allocator.Release(run);
            return Errno.EBUSY;
        }
    }

    /// <summary>Makes what was set aside a zeroed node of the open generation.</summary>
    /// <returns>Its address.</returns>
    internal nint UseNode(HeldNode held)
    {
        lock (_gate)
        {
            _frames.BytesOf(held.Frame).Clear();
            _allocator.UseHeld(held.Run);
            _frames.Publish(held.Frame, FrameState.Dirty);
            return _frames[held.Frame].Address;
        }
    }

    /// <summary>Gives back what was set aside.</summary>
    internal void ReleaseNode(HeldNode held)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                RecycleFrame(held.Frame);
                _allocator.Release(held.Run);
            }
        }
    }

    /// <summary>Brings a node into memory. Without any lock of the caller's.</summary>
    /// <param name="node">Which.</param>
    /// <param name="blockCount">Blocks of a node.</param>
    /// <param name="check">Judges it.</param>
    /// <param name="runExclusively">Runs an action while no reader without the lock is about.</param>
    /// <returns>None also if it is somebody else's place by now, or there already: look again. EIO; EBUSY if very many blocks are read while all frames are dirty.</returns>
    internal Errno LoadNode(NodePointer node, int blockCount, NodeCheck check, Action<Action> runExclusively)
    {
        Errno error = CheckOpen();
        if (error != Errno.None)
        {
            return error;
        }

        // While a load looks at the map the image does not shrink.
        Interlocked.Increment(ref _loadCount);
        try
        {
            error = LoadGroupOf(node.Block, blockCount);
            if (error != Errno.None || IsLoadNeedless(node, blockCount, out error))
            {
                return error;
            }

            if (HasLeavings(node))
            {
                runExclusively(() => RemoveLeavings(node, blockCount));
            }

            return _source.ViewOf(node.Block.Value, blockCount) is nint view && view != 0
                ? LoadIntoView(node, blockCount, view, check)
                : LoadIntoFrame(node, blockCount, check, runExclusively);
        }
        finally
        {
            Interlocked.Decrement(ref _loadCount);
        }
    }

    /// <summary>Says that a run will be loaded soon.</summary>
    internal void ReadAhead(BlockRun run) => _device.ReadAhead(run.First.OffsetBytes(BlockSizeBytes), _layout.BytesOf((ulong)run.BlockCount));

    private Errno LoadGroupOf(BlockNumber block, int blockCount)
    {
        while (true)
        {
            AllocationOutcome outcome;
            BlockGroup? group;
            lock (_gate)
            {
                outcome = _allocator.CheckInUse(block, blockCount, out group);
            }

            if (outcome == AllocationOutcome.Invalid)
            {
                return Errno.EIO;
            }

            if (outcome != AllocationOutcome.NeedsGroup)
            {
                return Errno.None;
            }

            LoadGroup(group!);
        }
    }

    /// <summary>True if the place is free by now, or a frame has the node: the pointer is out of date, or the node is there.</summary>
    private bool IsLoadNeedless(NodePointer node, int blockCount, out Errno error)
    {
        lock (_gate)
        {
            AllocationOutcome outcome = _allocator.CheckInUse(node.Block, blockCount, out _);
            error = outcome == AllocationOutcome.NotInUse && !_allocator.IsBusy(new BlockRun(node.Block, blockCount)) ? Errno.EIO : Errno.None;
            int index = _frames.Find(node.Block.Value);
            return outcome == AllocationOutcome.NotInUse || (index >= 0 && !IsLeavings(index, node));
        }
    }

    /// <summary>True if a frame holds what was at the node's place before: a load that ended late.</summary>
    private bool HasLeavings(NodePointer node)
    {
        lock (_gate)
        {
            int index = _frames.Find(node.Block.Value);
            return index >= 0 && IsLeavings(index, node);
        }
    }

    private void RemoveLeavings(NodePointer node, int blockCount)
    {
        lock (_gate)
        {
            int index = _frames.Find(node.Block.Value);
            if (index >= 0 && IsLeavings(index, node))
            {
                UnmapFrames(new BlockRun(node.Block, blockCount));
            }
        }
    }

    private unsafe bool IsLeavings(int index, NodePointer node) =>
        _frames[index].State == FrameState.Clean
        && _frames[index].PinCount == 0
        && !BlockNodeStore.IsHeaderOf((byte*)_frames.Locate(node.Block.Value), node);

    private unsafe Errno LoadIntoView(NodePointer node, int blockCount, nint view, NodeCheck check)
    {
        ulong first = node.Block.Value;
        Errno error = _source.Load(first, blockCount, []);
        if (error != Errno.None || !check(new ReadOnlySpan<byte>((void*)view, blockCount * BlockSizeBytes)))
        {
            return IsLoadNeedless(node, blockCount, out _) ? Errno.None : Errno.EIO;
        }

        lock (_gate)
        {
            if (_allocator.CheckInUse(node.Block, blockCount, out _) == AllocationOutcome.Done && _frames.Find(first) < 0)
            {
                _source.Remember(first, blockCount);
            }
        }

        return Errno.None;
    }

    private Errno LoadIntoFrame(NodePointer node, int blockCount, NodeCheck check, Action<Action> runExclusively)
    {
        ulong first = node.Block.Value;
        int index = TakeFreeFrame(first, blockCount);
        if (index < 0)
        {
            // What a reader or a change has found stays until its hold of the lock ends.
            runExclusively(() => index = TakeFrame(first, blockCount));
        }

        if (index < 0)
        {
            return Errno.EBUSY;
        }

        Errno error = _source.Load(first, blockCount, _frames.BytesOf(index));
        bool isRight = error == Errno.None && check(_frames.BytesOf(index));
        if (!isRight && !IsLoadNeedless(node, blockCount, out _))
        {
            error = Errno.EIO;
        }

        lock (_gate)
        {
            bool isWanted = _allocator.CheckInUse(node.Block, blockCount, out _) == AllocationOutcome.Done && _frames.Find(first) < 0;
            if (isRight && isWanted)
            {
                _frames.Publish(index, FrameState.Clean);
            }
            else
            {
                RecycleFrame(index);
            }
        }

        return isRight ? Errno.None : error;
    }

    /// <returns>The frame; -1 if something must be evicted first.</returns>
    private int TakeFreeFrame(ulong first, int blockCount)
    {
        lock (_gate)
        {
            return _frames.TryTake(first, blockCount, isExclusive: false, out int index) ? index : -1;
        }
    }

    /// <summary>Takes a frame, and evicts several if there is none: the next loads then need not ask for this. Exclusive to readers without the lock.</summary>
    /// <returns>The frame; -1 if there are too many beyond the bound already.</returns>
    private int TakeFrame(ulong first, int blockCount)
    {
        lock (_gate)
        {
            if (_frames.TryTake(first, blockCount, isExclusive: false, out int index))
            {
                return index;
            }

            _frames.EvictSome(blockCount);
            return _frames.TryTake(first, blockCount, isExclusive: true, out index) || _frames.TryTakeBeyond(first, blockCount, out index) ? index : -1;
        }
    }
}
