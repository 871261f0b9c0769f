using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Allocating and freeing.</summary>
public sealed partial class BlockFile
{
    // Larger runs are zeroed on the device at once instead of in frames: nothing durable reaches them yet.
    private const int ZeroFrameBytes = 16384;
    private const int ZeroChunkBytes = 1 << 20;

    /// <summary>Blocks that are not in use, in the open generation.</summary>
    public long FreeBlockCount
    {
        get
        {
            lock (_gate)
            {
                return (long)_allocator.FreeBlocks;
            }
        }
    }

    /// <summary>Blocks of the image once it has grown as far as it may.</summary>
    public long MaxBlockCount
    {
        get
        {
            lock (_gate)
            {
                return (long)(_allocator.SizeBlocks + _allocator.GrowableBlocks);
            }
        }
    }

    /// <summary>Freed blocks that commits will make available: while this is not 0, ENOSPC may go away with a commit or two.</summary>
    public long PendingFreeBlockCount
    {
        get
        {
            lock (_gate)
            {
                return (long)_allocator.PendingFreeBlocks;
            }
        }
    }

    /// <summary>Blocks that can still be allocated or reserved, counting those by which the image may grow.</summary>
    public long AvailableBlockCount(AllocationRight right)
    {
        lock (_gate)
        {
            return (long)_allocator.Budget(right);
        }
    }

    /// <summary>Allocates one block. It reads as zeros.</summary>
    /// <inheritdoc cref="AllocateBlocks"/>
    public Errno Allocate(out BlockNumber block) => AllocateBlocks(1, out block);

    /// <summary>
    /// Allocates blocks that follow each other; free runs are reused before the image grows. They read as zeros. After a crash before the next
    /// commit they are free again.
    /// </summary>
    /// <param name="blockCount">How many, 1 or more.</param>
    /// <param name="first">The first of them.</param>
    /// <returns>
    /// EINVAL for a count that makes no sense; ENOSPC if there is no such run and the image cannot grow; EROFS; EIO; after ENOSPC the file goes on
    /// as before.
    /// </returns>
    public Errno AllocateBlocks(int blockCount, out BlockNumber first)
    {
        Errno error = TryAllocateRun(AllocationStream.Metadata, blockCount, blockCount, AllocationRight.Ordinary, out BlockRun run);
        first = run.First;
        if (error == Errno.None)
        {
            error = Zero(run);
            if (error != Errno.None)
            {
                Free(run.First, run.BlockCount);
                first = BlockNumber.None;
            }
        }

        return error;
    }

    /// <summary>Allocates a run for a caller that writes it itself: what it reads as is anybody's guess.</summary>
    /// <param name="stream">Near what it should lie.</param>
    /// <param name="wantedBlocks">How long it should be, 1 or more.</param>
    /// <param name="minimumBlocks">How long it must be, 1 or more.</param>
    /// <param name="right">Out of which part of the free space; <see cref="AllocationRight.Reserved"/> uses up as much of what was reserved.</param>
    /// <param name="run">The run; it does not reach over the end of a group.</param>
    /// <returns>As <see cref="AllocateBlocks"/>.</returns>
    public Errno TryAllocateRun(AllocationStream stream, int wantedBlocks, int minimumBlocks, AllocationRight right, out BlockRun run) =>
        Allocate(new AllocationRequest(stream, wantedBlocks, minimumBlocks, right, IsHeld: false), out run);

    /// <summary>Frees one block.</summary>
    /// <inheritdoc cref="Free(BlockNumber, int, bool)"/>
    public Errno Free(BlockNumber block) => Free(block, 1);

    /// <summary>Frees a run. Its blocks are handed out again only after the commit that makes this durable, if a root reached them.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="blockCount">How many, 1 or more.</param>
    /// <param name="mayReuseAtOnce">
    /// False if blocks that no root ever reached must wait for the commit too, because something else (a log) may name them.
    /// </param>
    /// <returns>
    /// EINVAL if the range cannot be anybody's: block 0, the format's own blocks, outside the image, over the end of a group; ENOENT if a block of it is
    /// free already (nothing is freed then); EBUSY while a lease changes it; EROFS; EIO if the group's bitmap is damaged.
    /// </returns>
    public Errno Free(BlockNumber first, int blockCount, bool mayReuseAtOnce = true) => Free(first, blockCount, mayReuseAtOnce, sparesNewNodes: false);

    /// <summary>Frees a run of a file's data. It waits for the commit.</summary>
    /// <returns>As <see cref="Free(BlockNumber, int, bool)"/>; ENOENT also if a node that only memory has lies there: only a damaged image says that it is a file's.</returns>
    internal Errno FreeData(BlockRun run, bool mayReuseAtOnce) => Free(run.First, run.BlockCount, mayReuseAtOnce, sparesNewNodes: true);

    private Errno Free(BlockNumber first, int blockCount, bool mayReuseAtOnce, bool sparesNewNodes)
    {
        while (true)
        {
            Errno error = CheckWritable();
            if (error != Errno.None)
            {
                return error;
            }

            BlockGroup? group;
            AllocationOutcome outcome;
            lock (_gate)
            {
                outcome = _allocator.CheckInUse(first, blockCount, out group);
                if (outcome == AllocationOutcome.Done)
                {
                    var run = new BlockRun(first, blockCount);
                    if (IsBeingChanged(run))
                    {
                        return Errno.EBUSY;
                    }

                    if (sparesNewNodes && HasNewNode(run))
                    {
                        return Errno.ENOENT;
                    }

                    UnmapFreed(run);
                    ForgetSeen(first, blockCount);
                    _contentStamp++;
                    _allocator.TryFree(run, _generation, mayReuseAtOnce, out _);
                    return Errno.None;
                }
            }

            error = Resolve(outcome, group, 0);
            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    /// <summary>Promises blocks to the caller: allocations by <see cref="AllocationRight.Reserved"/> cannot lack space then.</summary>
    /// <param name="blockCount">How many, 0 or more.</param>
    /// <param name="right">Ordinary, or deleting for changes that free space.</param>
    /// <returns>ENOSPC if there are not so many left.</returns>
    public Errno Reserve(int blockCount, AllocationRight right = AllocationRight.Ordinary)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blockCount);
        Errno error = CheckWritable();
        if (error != Errno.None)
        {
            return error;
        }

        lock (_gate)
        {
            return _allocator.TryReserve((ulong)blockCount, right) ? Errno.None : Errno.ENOSPC;
        }
    }

    /// <summary>Takes a run out of what was reserved, as short as one block, without using it yet: commits find it free until <see cref="UseHeld"/>.</summary>
    internal Errno HoldReserved(AllocationStream stream, int wantedBlocks, out BlockRun run) =>
        Allocate(new AllocationRequest(stream, wantedBlocks, 1, AllocationRight.Reserved, IsHeld: true), out run);

    /// <summary>As <see cref="HoldReserved"/>, but EAGAIN where that does I/O.</summary>
    internal Errno HoldReservedAtOnce(AllocationStream stream, int wantedBlocks, out BlockRun run)
    {
        run = default;
        Errno error = CheckWritable();
        if (error != Errno.None)
        {
            return error;
        }

        lock (_gate)
        {
            var request = new AllocationRequest(stream, wantedBlocks, 1, AllocationRight.Reserved, IsHeld: true);
            if (_allocator.TryAllocate(request, out run, out _) != AllocationOutcome.Done)
            {
                return Errno.EAGAIN;
            }

            _source.Forget(run.First.Value, run.BlockCount);
            return Errno.None;
        }
    }

    /// <summary>A held run is in use, from the open generation on. No I/O; it cannot fail.</summary>
    internal void UseHeld(BlockRun run)
    {
        lock (_gate)
        {
            _allocator.UseHeld(run);
        }
    }

    /// <summary>A held run is nobody's again.</summary>
    internal void ReleaseHeld(BlockRun run)
    {
        lock (_gate)
        {
            _allocator.Release(run);
        }
    }

    /// <summary>Keeps so many blocks from ordinary callers, for nodes that will be needed to place what was written already.</summary>
    internal void KeepForPlacing(int blockCount)
    {
        lock (_gate)
        {
            _allocator.PlacingBlocks = (ulong)blockCount;
        }
    }

    /// <summary>Takes back a promise that was not used.</summary>
    /// <exception cref="InvalidOperationException">So many are not reserved.</exception>
    public void ReleaseReservation(int blockCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blockCount);
        lock (_gate)
        {
            _allocator.Unreserve((ulong)blockCount);
        }
    }

    internal Errno Allocate(in AllocationRequest request, out BlockRun run)
    {
        run = default;
        if (request.WantedBlocks <= 0 || request.MinimumBlocks <= 0 || request.MinimumBlocks > request.WantedBlocks)
        {
            return Errno.EINVAL;
        }

        if (request.MinimumBlocks > BlockAllocator.MaxRunBlocks(_layout))
        {
            return Errno.ENOSPC;
        }

        while (true)
        {
            Errno error = CheckWritable();
            if (error != Errno.None)
            {
                return error;
            }

            BlockGroup? group;
            AllocationOutcome outcome;
            lock (_gate)
            {
                outcome = _allocator.TryAllocate(request, out run, out group);
                if (outcome == AllocationOutcome.Done)
                {
                    ForgetSeen(run.First, run.BlockCount);
                    return Errno.None;
                }
            }

            error = Resolve(outcome, group, request.MinimumBlocks);
            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    /// <summary>Does without the lock what a step of the allocator asked for.</summary>
    /// <returns>None if the step should be tried again.</returns>
    private Errno Resolve(AllocationOutcome outcome, BlockGroup? group, int neededBlocks)
    {
        switch (outcome)
        {
            case AllocationOutcome.NeedsGroup:
                LoadGroup(group!);
                return Errno.None;
            case AllocationOutcome.NeedsGrowth:
                Grow(neededBlocks);
                return Errno.None;
            case AllocationOutcome.NoSpace:
                return Errno.ENOSPC;
            case AllocationOutcome.NotInUse:
                return Errno.ENOENT;
            case AllocationOutcome.Damaged:
                return Errno.EIO;
            default:
                return Errno.EINVAL;
        }
    }

    /// <summary>Reads a group's bitmap in, or closes the group if it cannot be believed.</summary>
    private void LoadGroup(BlockGroup group)
    {
        int blockCount;
        lock (_gate)
        {
            if (group.IsLoaded || group.IsDamaged)
            {
                return;
            }

            blockCount = group.BlockCount;
        }

#pragma warning disable CA2000 // the group owns the bitmaps from then on
        NativeBuffer? bitmaps = BitmapReader.Read(_device, _layout, group.Index, blockCount, group.Descriptor);
#pragma warning restore CA2000
        lock (_gate)
        {
            if (bitmaps is not null)
            {
                group.Install(bitmaps);
                return;
            }

            _allocator.MarkDamaged(group);
        }

        Log($"the bitmap of group {group.Index} is damaged; nothing is allocated there any more. Run a check.");
    }

    /// <summary>Makes the image larger, so that a run of that length fits if possible.</summary>
    private void Grow(int neededBlocks)
    {
        lock (_growing)
        {
            BlockGroup last;
            ulong oldBlocks;
            ulong newBlocks;
            lock (_gate)
            {
                last = _allocator.Groups[^1];
                oldBlocks = _allocator.SizeBlocks;
                newBlocks = _allocator.NextSizeBlocks(neededBlocks);
            }

            LoadGroup(last);
            long newBytes = _layout.BytesOf(newBlocks);
            Errno error = newBlocks == oldBlocks || last.IsDamaged ? Errno.ENOSPC
                : newBytes <= _device.SizeBytes ? Errno.None
                : _device.Resize(newBytes);
            lock (_gate)
            {
                if (error == Errno.None)
                {
                    _allocator.Grow(newBlocks);
                }
                else
                {
                    _allocator.RefuseGrowth();
                }
            }
        }
    }

    /// <summary>Makes a new run read as zeros.</summary>
    private Errno Zero(BlockRun run)
    {
        long lengthBytes = _layout.BytesOf((ulong)run.BlockCount);
        if (lengthBytes <= Math.Max(ZeroFrameBytes, BlockSizeBytes))
        {
            lock (_gate)
            {
                if (_frames.TryTake(run.First.Value, run.BlockCount, isExclusive: true, out int index))
                {
                    _frames.BytesOf(index).Clear();
                    _frames.Publish(index, FrameState.Dirty);
                    return Errno.None;
                }
            }
        }

        return WriteZeros(run);
    }

    private Errno WriteZeros(BlockRun run)
    {
        long lengthBytes = _layout.BytesOf((ulong)run.BlockCount);
        using var zeros = new NativeBuffer((int)Math.Min(ZeroChunkBytes, lengthBytes));
        long offsetBytes = run.First.OffsetBytes(BlockSizeBytes);
        for (long doneBytes = 0; doneBytes < lengthBytes;)
        {
            int stepBytes = (int)Math.Min(zeros.Length, lengthBytes - doneBytes);
            IoResult result = _device.Write(zeros.Span[..stepBytes], offsetBytes + doneBytes);
            if (!result.Succeeded)
            {
                return result.Error;
            }

            doneBytes += stepBytes;
        }

        return Errno.None;
    }
}
