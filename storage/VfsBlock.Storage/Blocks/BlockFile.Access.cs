using System.Buffers;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Reading and changing blocks.</summary>
public sealed partial class BlockFile
{
    // Goes up whenever what the device holds at a block in use may have become something else: what was read before must be read again.
    private ulong _contentStamp;

    /// <summary>Leases a run of blocks to look at.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="blockCount">How many, 1 or more; all of them allocated.</param>
    /// <param name="lease">The lease; dispose it.</param>
    /// <returns>
    /// EINVAL if the range cannot be anybody's; ENOENT if a block of it is free; EIO if it cannot be read; EBUSY if frames are used up:
    /// commit, or release leases.
    /// </returns>
    public Errno Get(BlockNumber first, int blockCount, out BlockReadLease lease)
    {
        lease = default;
        while (true)
        {
            Errno error = CheckOpen();
            if (error != Errno.None)
            {
                return error;
            }

            AllocationOutcome outcome;
            BlockGroup? group;
            nint view = 0;
            int index = -1;
            ulong stamp = 0;
            lock (_gate)
            {
                outcome = _allocator.CheckInUse(first, blockCount, out group);
                if (outcome == AllocationOutcome.Done)
                {
                    if (TryLeaseForReading(first.Value, blockCount, out lease, out view))
                    {
                        return Errno.None;
                    }

                    stamp = _contentStamp;
                    if (view == 0 && !_frames.TryTake(first.Value, blockCount, isExclusive: false, out index))
                    {
                        return Errno.EBUSY;
                    }
                }
            }

            if (outcome == AllocationOutcome.Done)
            {
                error = _source.Load(first.Value, blockCount, index < 0 ? [] : _frames.BytesOf(index));
                if (TryFinishGet(first.Value, blockCount, index, stamp, error, out lease))
                {
                    return Errno.None;
                }
            }
            else
            {
                error = Resolve(outcome, group, 0);
            }

            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    /// <summary>Shows a run of blocks to a callback, and releases them whatever the callback does.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="blockCount">How many.</param>
    /// <param name="state">Handed to the callback.</param>
    /// <param name="reader">Looks at the bytes; must not keep the span.</param>
    /// <returns>As <see cref="Get"/>.</returns>
    public Errno Do<TState>(BlockNumber first, int blockCount, TState state, ReadOnlySpanAction<byte, TState> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Errno error = Get(first, blockCount, out BlockReadLease lease);
        if (error == Errno.None)
        {
            using (lease)
            {
                reader(lease.Span, state);
            }
        }

        return error;
    }

    /// <summary>Leases a run of blocks to change. A change of blocks that a root reaches costs a second copy on the device, which the commit needs.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="blockCount">How many, 1 or more; all of them allocated.</param>
    /// <param name="lease">The lease, over what the blocks hold; dispose it.</param>
    /// <returns>
    /// As <see cref="Get"/>; EBUSY also while another lease changes a block of it; ENOSPC if there is no room for the second copy; EROFS.
    /// </returns>
    public Errno Edit(BlockNumber first, int blockCount, out BlockWriteLease lease)
    {
        lease = default;
        while (true)
        {
            Errno error = CheckWritable();
            if (error != Errno.None)
            {
                return error;
            }

            AllocationOutcome outcome;
            BlockGroup? group;
            var run = new BlockRun(first, blockCount);
            int index = -1;
            ulong stamp = 0;
            bool isInPlace = false;
            lock (_gate)
            {
                outcome = _allocator.CheckInUse(first, blockCount, out group);
                if (outcome == AllocationOutcome.Done)
                {
                    if (IsBeingChanged(run))
                    {
                        return Errno.EBUSY;
                    }

                    if (TryLeaseDirty(run, out lease))
                    {
                        return Errno.None;
                    }

                    stamp = _contentStamp;
                    isInPlace = _allocator.IsReachedByCommit(run);
                    if (!_frames.TryTake(first.Value, blockCount, isExclusive: true, out index))
                    {
                        return Errno.EBUSY;
                    }
                }
            }

            if (outcome != AllocationOutcome.Done)
            {
                error = Resolve(outcome, group, 0);
                if (error != Errno.None)
                {
                    return error;
                }

                continue;
            }

            error = PrepareForChange(run, index, isInPlace);
            if (TryFinishEdit(run, index, stamp, error, out lease) || error != Errno.None)
            {
                return error;
            }
        }
    }

    /// <summary>Gives a run of blocks to a callback to change, and releases them whatever the callback does.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="blockCount">How many.</param>
    /// <param name="state">Handed to the callback.</param>
    /// <param name="writer">Changes the bytes; must not keep the span.</param>
    /// <returns>As <see cref="Edit"/>.</returns>
    public Errno DoEdit<TState>(BlockNumber first, int blockCount, TState state, SpanAction<byte, TState> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Errno error = Edit(first, blockCount, out BlockWriteLease lease);
        if (error == Errno.None)
        {
            using (lease)
            {
                writer(lease.Span, state);
            }
        }

        return error;
    }

    /// <summary>
    /// Where the node that begins with a block is in memory, or 0 if it is not. Needs no lock, as long as a lock of the caller's keeps changes, <see cref="BeginCommit()"/>,
    /// <see cref="Publish"/> and frees away; valid until that lock is let go.
    /// </summary>
    internal nint LocateNode(BlockNumber block)
    {
        nint address = _frames.LocateFirst(block.Value);
        return address != 0 ? address : _source.Locate(block.Value);
    }

    internal bool IsLeased(int slot, uint generation) => _leases.IsCurrent(slot, generation);

    internal void EndLease(int slot, uint generation)
    {
        lock (_gate)
        {
            if (_isClosed || !_leases.TryEnd(slot, generation, out LeaseSlot ended) || ended.Frame < 0)
            {
                return;
            }

            ref Frame frame = ref _frames[ended.Frame];
            frame.PinCount--;
            if (ended.IsWriter)
            {
                frame.WriterCount--;
                _frames.WriterCount--;
            }

            RecycleFrame(ended.Frame);
        }
    }

    private bool TryLeaseForReading(ulong first, int blockCount, out BlockReadLease lease, out nint view)
    {
        lease = default;
        view = 0;
        int index = _frames.Find(first);
        if (index >= 0 && _frames.Covers(index, first, blockCount))
        {
            lease = LeaseFrame(index, first, blockCount);
            return true;
        }

        for (ulong block = first; block < first + (ulong)blockCount; block++)
        {
            if (_frames.Find(block) >= 0)
            {
                return false;
            }
        }

        view = _source.ViewOf(first, blockCount);
        if (view == 0)
        {
            return false;
        }

        for (ulong block = first; block < first + (ulong)blockCount; block++)
        {
            if (_source.Locate(block) == 0)
            {
                return false;
            }
        }

        lease = new BlockReadLease(this, view, blockCount * BlockSizeBytes, _leases.Take(-1, isWriter: false));
        return true;
    }

    private BlockReadLease LeaseFrame(int index, ulong first, int blockCount)
    {
        ref Frame frame = ref _frames[index];
        frame.PinCount++;
        frame.IsReferenced = true;
        nint address = frame.Address + (nint)_layout.BytesOf(first - frame.First);
        return new BlockReadLease(this, address, blockCount * BlockSizeBytes, _leases.Take(index, isWriter: false));
    }
}
