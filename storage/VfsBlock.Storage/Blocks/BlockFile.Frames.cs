using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What the accesses do with frames. Everything here but the loads runs under the lock.</summary>
public sealed partial class BlockFile
{
    // Blocks set aside for the redo list of the open generation, and how many entries it will have.
    private readonly List<BlockRun> _redoBlocks = [];
    private int _redoEntryCount;

    /// <summary>After a load: leases what was loaded, or a copy of it with what frames know better.</summary>
    /// <returns>False if looking again is the way to it.</returns>
    private bool TryFinishGet(ulong first, int blockCount, int index, ulong stamp, Errno error, out BlockReadLease lease)
    {
        lease = default;
        lock (_gate)
        {
            bool isCurrent = error == Errno.None && stamp == _contentStamp;
            if (index < 0)
            {
                if (isCurrent)
                {
                    _source.Remember(first, blockCount);
                }

                return false;
            }

            if (!isCurrent)
            {
                RecycleFrame(index);
                return false;
            }

            // A mixture stays private: what the frames hold goes on changing in them.
            if (!GatherInto(index))
            {
                _frames.Publish(index, FrameState.Clean);
            }

            lease = LeaseFrame(index, first, blockCount);
            return true;
        }
    }

    private bool TryLeaseDirty(BlockRun run, out BlockWriteLease lease)
    {
        lease = default;
        int index = _frames.Find(run.First.Value);
        if (index < 0 || _frames[index].State != FrameState.Dirty || !_frames.Covers(index, run.First.Value, run.BlockCount))
        {
            return false;
        }

        lease = LeaseForChange(index, run);
        return true;
    }

    private BlockWriteLease LeaseForChange(int index, BlockRun run)
    {
        ref Frame frame = ref _frames[index];
        frame.PinCount++;
        frame.WriterCount++;
        frame.IsReferenced = true;
        _frames.WriterCount++;
        nint address = frame.Address + (nint)_layout.BytesOf(run.First.Value - frame.First);
        return new BlockWriteLease(this, address, run.BlockCount * BlockSizeBytes, _leases.Take(index, isWriter: true));
    }

    /// <summary>Without the lock: fills a new frame with what the device has, and finds room for the redo copy.</summary>
    private Errno PrepareForChange(BlockRun run, int index, bool isInPlace)
    {
        if (isInPlace)
        {
            Errno error = ReserveRedo(run.BlockCount, out BlockRun scratch);
            if (error != Errno.None)
            {
                return error;
            }

            lock (_gate)
            {
                _frames[index].IsInPlace = true;
                _frames[index].Scratch = scratch;
            }
        }

        bool isInFrames = true;
        lock (_gate)
        {
            for (ulong block = run.First.Value; block < run.End.Value; block++)
            {
                isInFrames &= _frames.Find(block) >= 0;
            }
        }

        return isInFrames ? Errno.None : _source.Load(run.First.Value, run.BlockCount, _frames.BytesOf(index));
    }

    private bool TryFinishEdit(BlockRun run, int index, ulong stamp, Errno error, out BlockWriteLease lease)
    {
        lease = default;
        lock (_gate)
        {
            bool isCurrent = error == Errno.None
                && stamp == _contentStamp
                && _allocator.CheckInUse(run.First, run.BlockCount, out _) == AllocationOutcome.Done
                && !IsBeingChanged(run);
            if (!isCurrent)
            {
                RecycleFrame(index);
                return false;
            }

            GatherInto(index);
            UnmapFrames(run);
            _frames.Publish(index, FrameState.Dirty);
            lease = LeaseForChange(index, run);
            return true;
        }
    }

    /// <summary>Copies what other frames hold of a private frame's run into it.</summary>
    /// <returns>False if they hold nothing.</returns>
    private bool GatherInto(int index)
    {
        bool isGathered = false;
        ref Frame frame = ref _frames[index];
        for (int block = 0; block < frame.BlockCount; block++)
        {
            int other = _frames.Find(frame.First + (ulong)block);
            if (other >= 0)
            {
                int from = (int)_layout.BytesOf(frame.First + (ulong)block - _frames[other].First);
                _frames.BytesOf(other).Slice(from, BlockSizeBytes).CopyTo(_frames.BytesOf(index)[(int)_layout.BytesOf((ulong)block)..]);
                isGathered = true;
            }
        }

        return isGathered;
    }

    private bool IsBeingChanged(BlockRun run)
    {
        if (_frames.WriterCount == 0)
        {
            return false;
        }

        for (ulong block = run.First.Value; block < run.End.Value; block++)
        {
            int index = _frames.Find(block);
            if (index >= 0 && _frames[index].WriterCount > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets what frames hold of a run: it is freed, or a newer frame has it.</summary>
    private void UnmapFrames(BlockRun run)
    {
        for (ulong block = run.First.Value; block < run.End.Value; block++)
        {
            int index = _frames.Unmap(block);
            if (index >= 0)
            {
                RecycleFrame(index);
            }
        }
    }

    /// <summary>
    /// Forgets what frames hold of freed blocks, but for what a commit is writing: that commit's root reaches them, and its trees are being
    /// sealed. Publishing forgets those.
    /// </summary>
    private void UnmapFreed(BlockRun run)
    {
        for (ulong block = run.First.Value; block < run.End.Value; block++)
        {
            int index = _frames.Find(block);
            if (index >= 0 && _frames[index].State != FrameState.Frozen)
            {
                _frames.Unmap(block);
                RecycleFrame(index);
            }
        }
    }

    /// <summary>Frees a frame if nobody needs it, and what was set aside for it.</summary>
    private void RecycleFrame(int index)
    {
        ref Frame frame = ref _frames[index];
        if (!_frames.IsUnused(index))
        {
            return;
        }

        if (frame.Scratch.BlockCount > 0)
        {
            _allocator.Release(frame.Scratch);
            _redoEntryCount -= frame.Scratch.BlockCount;
        }

        _frames.Recycle(index);
    }

    /// <summary>Sets blocks aside for a change in place: one for each copy, and enough for the list.</summary>
    private Errno ReserveRedo(int blockCount, out BlockRun scratch)
    {
        var request = new AllocationRequest(AllocationStream.Metadata, blockCount, blockCount, AllocationRight.Ordinary, IsHeld: true);
        Errno error = Allocate(request, out scratch);
        if (error != Errno.None)
        {
            return error;
        }

        lock (_gate)
        {
            _redoEntryCount += blockCount;
        }

        while (error == Errno.None && IsRedoListShort())
        {
            error = Allocate(request with { WantedBlocks = 1, MinimumBlocks = 1 }, out BlockRun block);
            lock (_gate)
            {
                if (error == Errno.None)
                {
                    _redoBlocks.Add(block);
                }
                else
                {
                    _redoEntryCount -= blockCount;
                    _allocator.Release(scratch);
                }
            }
        }

        return error;
    }

    private bool IsRedoListShort()
    {
        lock (_gate)
        {
            return _redoBlocks.Count * RedoList.EntriesPerBlock(BlockSizeBytes) < _redoEntryCount;
        }
    }
}
