namespace VfsBlock.Storage;

/// <summary>
/// Who owns which block. Finds runs of free blocks, next to where the stream allocated last; keeps the books on what is free, promised and not
/// yet reusable. A block freed in generation g is handed out again after root g + 1 is durable, so that falling back to the root before
/// stays possible; after root g already if space is short.
/// </summary>
/// <remarks>
/// Owns the groups. Does no I/O and takes no lock: <see cref="BlockFile"/> calls it under its own, and does what an outcome asks for without it.
/// </remarks>
internal sealed partial class BlockAllocator : IDisposable
{
    // A run much shorter than wanted is taken before the image grows only if it is at least this part of what was wanted.
    private const int GoodFraction = 8;
    private const int HiddenFraction = 64;
    private const long HiddenLimitBytes = 16L << 20;
    private const int SmallHiddenFraction = 8;
    private const long HiddenFloorBytes = 1L << 20;
    private const long GrowthMinBytes = 4L << 20;
    private const long GrowthMaxBytes = 256L << 20;
    private const int GrowthFraction = 8;

    private readonly ImageLayout _layout;
    private readonly List<BlockGroup> _groups = [];
    private readonly ulong[] _cursors = new ulong[AllocationStream.Count];
    private readonly ulong _limitBlocks;
    private bool _isGrowthRefused;

    /// <summary>Takes over what a root record says.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="sizeBlocks">The image's size.</param>
    /// <param name="limitBlocks">How large it may become; at least its size.</param>
    /// <param name="descriptors">One for each group.</param>
    public BlockAllocator(ImageLayout layout, ulong sizeBlocks, ulong limitBlocks, IReadOnlyList<GroupDescriptor> descriptors)
    {
        _layout = layout;
        _limitBlocks = Math.Max(sizeBlocks, layout.FloorSize(limitBlocks));
        SizeBlocks = sizeBlocks;
        for (int index = 0; index < descriptors.Count; index++)
        {
            AddGroup(descriptors[index]);
        }
    }

    /// <summary>Blocks that exist.</summary>
    public ulong SizeBlocks { get; private set; }

    /// <summary>Blocks not in use.</summary>
    public ulong FreeBlocks { get; private set; }

    /// <summary>Blocks that may be handed out.</summary>
    public ulong AvailableBlocks { get; private set; }

    /// <summary>Blocks promised to callers of <see cref="TryReserve"/>.</summary>
    public ulong ReservedBlocks { get; private set; }

    /// <summary>How many blocks can still be added, without those that belong to the format.</summary>
    public ulong GrowableBlocks
    {
        get
        {
            if (_isGrowthRefused)
            {
                return 0;
            }

            int newGroups = _layout.GroupCount(_limitBlocks) - _groups.Count;
            ulong reserved = (ulong)newGroups * (ulong)_layout.ReservedBlocks(0);
            return _limitBlocks - SizeBlocks - Math.Min(_limitBlocks - SizeBlocks, reserved);
        }
    }

    /// <summary>What only deleting callers get.</summary>
    public ulong HiddenBlocks
    {
        get
        {
            ulong all = SizeBlocks + GrowableBlocks;
            ulong floor = Math.Min((ulong)(HiddenFloorBytes / _layout.BlockSizeBytes), all / SmallHiddenFraction);
            return Math.Clamp(all / HiddenFraction, floor, (ulong)(HiddenLimitBytes / _layout.BlockSizeBytes));
        }
    }

    /// <summary>What ordinary callers leave alone besides: nodes that are needed to give a place to what was written already.</summary>
    public ulong PlacingBlocks { get; set; }

    /// <summary>True if blocks should be reused as early as is safe.</summary>
    public bool IsSpaceShort => AvailableBlocks + GrowableBlocks < ReservedBlocks + HiddenBlocks + ((SizeBlocks + GrowableBlocks) / GoodFraction);

    public IReadOnlyList<BlockGroup> Groups => _groups;

    /// <summary>The longest run that can exist.</summary>
    public static int MaxRunBlocks(ImageLayout layout) => ImageLayout.BlocksPerGroup - layout.ReservedBlocks(0);

    /// <summary>Blocks that a caller with this right can have now.</summary>
    public ulong Budget(AllocationRight right)
    {
        ulong all = AvailableBlocks + GrowableBlocks;
        ulong kept = right switch
        {
            AllocationRight.Ordinary => ReservedBlocks + HiddenBlocks + PlacingBlocks,
            AllocationRight.Deleting => ReservedBlocks,
            _ => 0,
        };
        return all > kept ? all - kept : 0;
    }

    /// <summary>Promises blocks: allocations with <see cref="AllocationRight.Reserved"/> up to that number do not lack space.</summary>
    public bool TryReserve(ulong blockCount, AllocationRight right)
    {
        if (Budget(right) < blockCount)
        {
            return false;
        }

        ReservedBlocks += blockCount;
        return true;
    }

    /// <summary>Takes a promise back.</summary>
    public void Unreserve(ulong blockCount)
    {
        if (blockCount > ReservedBlocks)
        {
            throw new InvalidOperationException($"{blockCount} blocks are released, but only {ReservedBlocks} are reserved");
        }

        ReservedBlocks -= blockCount;
    }

    /// <summary>Finds and takes a run.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="run">The run.</param>
    /// <param name="group">The group to load, if that is the outcome.</param>
    public AllocationOutcome TryAllocate(in AllocationRequest request, out BlockRun run, out BlockGroup? group)
    {
        run = default;
        group = null;
        ulong budget = Budget(request.Right);
        if (budget < (ulong)request.MinimumBlocks
            || (request.Right == AllocationRight.Reserved && ReservedBlocks < (ulong)request.MinimumBlocks))
        {
            return AllocationOutcome.NoSpace;
        }

        int wanted = (int)Math.Min((ulong)request.WantedBlocks, budget);
        if (request.Stream == AllocationStream.SyncedData)
        {
            return TryTakeWarm(in request, wanted, out run)
                ? AllocationOutcome.Done
                : TryAllocate(request with { Stream = AllocationStream.SmallData }, out run, out group);
        }

        int good = Math.Max(request.MinimumBlocks, wanted / GoodFraction);
        AllocationOutcome outcome = FindNext(request.Stream, wanted, out int index, out group);
        if (outcome == AllocationOutcome.NoSpace && good < wanted)
        {
            outcome = FindLongest(good, wanted, out index, out wanted, out group);
        }

        if (outcome == AllocationOutcome.NoSpace && _limitBlocks > SizeBlocks && !_isGrowthRefused)
        {
            return AllocationOutcome.NeedsGrowth;
        }

        if (outcome == AllocationOutcome.NoSpace && request.MinimumBlocks < good)
        {
            outcome = FindLongest(request.MinimumBlocks, good, out index, out wanted, out group);
        }

        if (outcome == AllocationOutcome.NoSpace && WarmBlocks > 0 && !request.SparesWarm)
        {
            GiveWarmBack();
            return TryAllocate(request, out run, out group);
        }

        if (outcome == AllocationOutcome.Done)
        {
            run = Take(group!, index, wanted, request);
        }

        return outcome;
    }

    /// <summary>Where the image should end so that a run of that length fits; the present size if it cannot grow.</summary>
    public ulong NextSizeBlocks(int neededBlocks)
    {
        BlockGroup last = _groups[^1];
        long chunk = Math.Clamp((long)SizeBlocks / GrowthFraction, GrowthMinBytes / _layout.BlockSizeBytes, GrowthMaxBytes / _layout.BlockSizeBytes);
        ulong more = (ulong)Math.Max(neededBlocks, chunk);
        ulong from = SizeBlocks;
        if (neededBlocks > ImageLayout.BlocksPerGroup - last.BlockCount)
        {
            from = _layout.GroupStart(_groups.Count) + (ulong)_layout.ReservedBlocks(_groups.Count);
        }

        ulong size = Math.Min(_limitBlocks, from + more);
        return Math.Max(SizeBlocks, _layout.FloorSize(size));
    }

    /// <summary>Counts new blocks in. The last group must be loaded.</summary>
    public void Grow(ulong sizeBlocks)
    {
        BlockGroup last = _groups[^1];
        int before = last.BlockCount;
        int after = _layout.BlocksInGroup(last.Index, sizeBlocks);
        SizeBlocks = sizeBlocks;
        if (after > before)
        {
            last.Resize(after);
            FreeBlocks += (ulong)(after - before);
            AvailableBlocks += (ulong)(after - before);
            MarkDirty(last);
        }

        while (_groups.Count < _layout.GroupCount(sizeBlocks))
        {
            AddGroup(default);
        }
    }

    /// <summary>The host has no more room; asked again after the next commit.</summary>
    public void RefuseGrowth() => _isGrowthRefused = true;

    /// <summary>Takes a group out of use whose bitmap cannot be believed.</summary>
    public void MarkDamaged(BlockGroup group)
    {
        AvailableBlocks -= (ulong)group.AvailableCount;
        group.MarkDamaged();
    }

    public void Dispose()
    {
        foreach (BlockGroup group in _groups)
        {
            group.Dispose();
        }
    }

    private void AddGroup(GroupDescriptor descriptor)
    {
        var group = new BlockGroup(_groups.Count, _layout, _layout.BlocksInGroup(_groups.Count, SizeBlocks), descriptor);
        _groups.Add(group);
        FreeBlocks += (ulong)group.FreeCount;
        AvailableBlocks += (ulong)group.AvailableCount;
    }

    /// <summary>The next run that is long enough, from the stream's cursor on and round.</summary>
    private AllocationOutcome FindNext(AllocationStream stream, int wanted, out int index, out BlockGroup? group)
    {
        ulong cursor = Math.Clamp(_cursors[stream.Index], _layout.FirstGroupBlock, SizeBlocks - 1);
        int first = _layout.GroupOf(cursor);
        for (int step = 0; step <= _groups.Count; step++)
        {
            group = _groups[(first + step) % _groups.Count];
            if (group.LongestRunHint < wanted || group.AvailableCount < wanted)
            {
                continue;
            }

            index = 0;
            if (!group.IsLoaded)
            {
                return AllocationOutcome.NeedsGroup;
            }

            int start = step == 0 ? (int)(cursor - group.Start) : 0;
            index = Find(group, start, wanted, out int length);
            if (length == wanted)
            {
                return AllocationOutcome.Done;
            }
        }

        index = 0;
        group = null;
        return AllocationOutcome.NoSpace;
    }

    /// <summary>The longest run, if it is long enough.</summary>
    private AllocationOutcome FindLongest(int minimum, int wanted, out int index, out int length, out BlockGroup? group)
    {
        while (true)
        {
            group = null;
            foreach (BlockGroup candidate in _groups)
            {
                if (candidate.AvailableCount >= minimum && candidate.LongestRunHint > (group?.LongestRunHint ?? minimum - 1))
                {
                    group = candidate;
                }
            }

            index = 0;
            length = 0;
            if (group is null)
            {
                return AllocationOutcome.NoSpace;
            }

            if (!group.IsLoaded)
            {
                return AllocationOutcome.NeedsGroup;
            }

            // The hint is exact after a search for more than there is, so each group comes here twice at most.
            int hint = Math.Min(group.LongestRunHint, wanted);
            index = Find(group, 0, hint, out length);
            if (length == hint && length >= minimum)
            {
                return AllocationOutcome.Done;
            }
        }
    }

    private static unsafe int Find(BlockGroup group, int start, int wanted, out int length)
    {
        int index = BlockBits.FindRun(group.Busy, start, group.BlockCount, wanted, out length);
        if (start == 0 && length < wanted)
        {
            group.LongestRunHint = length;
        }

        return index;
    }

    private BlockRun Take(BlockGroup group, int index, int count, in AllocationRequest request)
    {
        if (request.Right == AllocationRight.Reserved)
        {
            count = (int)Math.Min((ulong)count, ReservedBlocks);
            ReservedBlocks -= (ulong)count;
        }

        group.Take(index, count, request.IsHeld);
        AvailableBlocks -= (ulong)count;
        if (!request.IsHeld)
        {
            FreeBlocks -= (ulong)count;
            MarkDirty(group);
        }

        var run = new BlockRun(new BlockNumber(group.Start + (ulong)index), count);
        _cursors[request.Stream.Index] = run.End.Value;
        return run;
    }
}
