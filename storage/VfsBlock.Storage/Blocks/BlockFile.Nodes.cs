using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What <see cref="BlockNodeStore"/> needs beyond leases.</summary>
public sealed partial class BlockFile
{
    private delegate bool FrameCondition(ref readonly Frame frame);

    private int _loadCount;
    private long _foreignFreeCount;

    /// <summary>How often somebody freed blocks that were not his: free already, or nobody's to free. Only a damaged image leads to that.</summary>
    internal long ForeignFreeCount => Interlocked.Read(ref _foreignFreeCount);

    /// <summary>True if <see cref="LocateNode"/> is called without the lock: frames are then recycled only where nobody can be looking at them.</summary>
    internal bool HasUnlockedReaders
    {
        get => _frames.HasUnlockedReaders;
        set => _frames.HasUnlockedReaders = value;
    }

    /// <summary>How many frames were taken out of the table to make room.</summary>
    internal long EvictionCount => _frames.EvictionCount;

    /// <summary>Counts and logs that blocks were freed by somebody who had no right to.</summary>
    /// <param name="what">Whose blocks they were to be.</param>
    /// <param name="error">Why they were not freed.</param>
    internal void NoteForeignFree(string what, Errno error)
    {
        Interlocked.Increment(ref _foreignFreeCount);
        Log($"{what} are freed, but {ErrnoText.Describe(error)}. Run a check.");
    }

    /// <summary>
    /// False if a file's data cannot be written over the run in place: it lies outside of the image, or a node that only memory has is there. Only a damaged extent says so.
    /// </summary>
    internal bool CanOverwrite(BlockRun run)
    {
        lock (_gate)
        {
            return run.First.Value >= _layout.FirstGroupBlock && run.End.Value <= _allocator.SizeBlocks && !HasNewNode(run);
        }
    }

    /// <summary>What was seen in a run is not there any more, nor is a node of which it was a part.</summary>
    private void ForgetSeen(BlockNumber first, int blockCount)
    {
        int more = Math.Max(1, NodeFormat.SizeBytes / BlockSizeBytes) - 1;
        _source.Forget(first.Value - (ulong)more, blockCount + more);
    }

    /// <summary>EINVAL unless the run lies in one group of the image and is in use, or the group's bitmap cannot tell.</summary>
    internal Errno CheckInUse(BlockRun run)
    {
        Errno error = LoadGroupOf(run.First, run.BlockCount);
        lock (_gate)
        {
            return error == Errno.None && IsInUse(run) ? Errno.None : Errno.EINVAL;
        }
    }

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
    /// <returns>
    /// None also if it is there already: look again. ESTALE if it is not its place any more: whoever sees the same pointer once more then has a damaged image. EIO; EBUSY if very many
    /// blocks are read while all frames are dirty.
    /// </returns>
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

            if (HasLeavings(node, blockCount))
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
    internal void ReadAhead(BlockRun run)
    {
        // A damaged pointer may lead anywhere.
        ulong endBlock = (ulong)(SizeBytes / BlockSizeBytes);
        if (run.First.Value < endBlock && run.End.Value <= endBlock)
        {
            _device.ReadAhead(run.First.OffsetBytes(BlockSizeBytes), _layout.BytesOf((ulong)run.BlockCount));
        }
    }

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

    /// <summary>True if the pointer is out of date, which is ESTALE then, or the node is there.</summary>
    private bool IsLoadNeedless(NodePointer node, int blockCount, out Errno error)
    {
        lock (_gate)
        {
            var run = new BlockRun(node.Block, blockCount);
            bool isThere = HasFrameOf(node);
            error = IsInUse(run) && (isThere || !HasTakenFrame(run)) ? Errno.None : Errno.ESTALE;
            return error == Errno.ESTALE || isThere;
        }
    }

    // A group whose bitmap is damaged gives no blocks away, so what is there stays what it is.
    private bool IsInUse(BlockRun run) => _allocator.CheckInUse(run.First, run.BlockCount, out _) is AllocationOutcome.Done or AllocationOutcome.Damaged;

    private unsafe bool HasFrameOf(NodePointer node)
    {
        var bytes = (byte*)_frames.LocateFirst(node.Block.Value);
        return bytes != null && BlockNodeStore.IsHeaderOf(bytes, node);
    }

    private bool HasNewNode(BlockRun run) => HasFrame(run, static (ref readonly Frame frame) => frame.State is FrameState.Dirty or FrameState.Frozen);

    private bool HasTakenFrame(BlockRun run) => HasFrame(run, static (ref readonly Frame frame) => frame.State != FrameState.Clean || frame.PinCount > 0);

    private bool HasFrame(BlockRun run, FrameCondition? condition = null)
    {
        for (ulong block = run.First.Value; block < run.End.Value; block++)
        {
            int index = _frames.Find(block);
            if (index >= 0 && (condition is null || condition(in _frames[index])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True if a frame holds what was at the node's place before: a load that ended late.</summary>
    private bool HasLeavings(NodePointer node, int blockCount)
    {
        lock (_gate)
        {
            return !HasFrameOf(node) && HasFrame(new BlockRun(node.Block, blockCount));
        }
    }

    private void RemoveLeavings(NodePointer node, int blockCount)
    {
        lock (_gate)
        {
            var run = new BlockRun(node.Block, blockCount);
            if (!HasFrameOf(node) && !HasTakenFrame(run))
            {
                UnmapFrames(run);
            }
        }
    }

    private unsafe Errno LoadIntoView(NodePointer node, int blockCount, nint view, NodeCheck check)
    {
        ulong first = node.Block.Value;
        Errno error = _source.Load(first, blockCount, []);
        if (error != Errno.None || !check(new ReadOnlySpan<byte>((void*)view, blockCount * BlockSizeBytes)))
        {
            return IsLoadNeedless(node, blockCount, out error) ? error : Errno.EIO;
        }

        lock (_gate)
        {
            if (IsInUse(new BlockRun(node.Block, blockCount)) && !HasFrame(new BlockRun(node.Block, blockCount)))
            {
                // Only the first: another node that is said to begin at one of the others was not verified.
                _source.Remember(first, 1);
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
        if (!isRight && !IsLoadNeedless(node, blockCount, out error))
        {
            error = Errno.EIO;
        }

        lock (_gate)
        {
            bool isWanted = IsInUse(new BlockRun(node.Block, blockCount)) && !HasFrame(new BlockRun(node.Block, blockCount));
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
