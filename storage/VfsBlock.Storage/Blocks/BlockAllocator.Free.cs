namespace VfsBlock.Storage;

/// <summary>Freeing, and when what was freed may be used again.</summary>
internal sealed partial class BlockAllocator
{
    private readonly List<BlockGroup> _dirty = [];
    private readonly List<BlockGroup> _committing = [];
    private readonly List<PendingFree> _pending = new(1024);
    private readonly List<BlockRun> _releasing = [];

    /// <summary>Blocks out of use that the next commits make available.</summary>
    public ulong PendingFreeBlocks { get; private set; }

    /// <summary>The groups whose bitmaps the commit in progress writes.</summary>
    public IReadOnlyList<BlockGroup> CommittingGroups => _committing;

    /// <summary>What the commit in progress will make available.</summary>
    public IReadOnlyList<BlockRun> ReleasingRuns => _releasing;

    /// <summary>True if anything changed since the last commit began.</summary>
    public bool IsDirty => _dirty.Count > 0;

    /// <summary>Judges a range that somebody claims to own.</summary>
    public AllocationOutcome CheckInUse(BlockNumber first, long blockCount, out BlockGroup? group)
    {
        group = null;
        if (blockCount <= 0
            || first.Value < _layout.FirstGroupBlock
            || first.Value >= SizeBlocks
            || (ulong)blockCount > SizeBlocks - first.Value)
        {
            return AllocationOutcome.Invalid;
        }

        group = _groups[_layout.GroupOf(first.Value)];
        ulong index = first.Value - group.Start;
        if (index < (ulong)group.ReservedCount || index + (ulong)blockCount > ImageLayout.BlocksPerGroup)
        {
            return AllocationOutcome.Invalid;
        }

        return group.IsDamaged ? AllocationOutcome.Damaged
            : !group.IsLoaded ? AllocationOutcome.NeedsGroup
            : group.IsInUse((int)index, (int)blockCount) ? AllocationOutcome.Done
            : AllocationOutcome.NotInUse;
    }

    /// <summary>True if the root of the last commit that began reaches a block of the run. The run was found to be in use.</summary>
    public bool IsReachedByCommit(BlockRun run)
    {
        BlockGroup group = GroupOf(run, out int index);
        return group.IsReachedByCommit(index, run.BlockCount);
    }

    /// <summary>True if every block of the run is kept from being handed out.</summary>
    public unsafe bool IsBusy(BlockRun run)
    {
        BlockGroup group = GroupOf(run, out int index);
        return BlockBits.NextClear(group.Busy, index, index + run.BlockCount) == index + run.BlockCount;
    }

    /// <summary>Takes blocks out of use.</summary>
    /// <param name="run">Which.</param>
    /// <param name="generation">The open generation.</param>
    /// <param name="mayReuseAtOnce">True if blocks that no root ever reached may be handed out at once.</param>
    /// <param name="group">The group to load, if that is the outcome.</param>
    public AllocationOutcome TryFree(BlockRun run, ulong generation, bool mayReuseAtOnce, out BlockGroup? group)
    {
        AllocationOutcome outcome = CheckInUse(run.First, run.BlockCount, out group);
        if (outcome == AllocationOutcome.Done)
        {
            int index = (int)(run.First.Value - group!.Start);
            bool isFresh = mayReuseAtOnce && !group.IsReachedByCommit(index, run.BlockCount);
            group.Free(index, run.BlockCount);
            FreeBlocks += (ulong)run.BlockCount;
            MarkDirty(group);
            if (isFresh)
            {
                Release(run);
            }
            else
            {
                AddPending(run, generation);
            }
        }

        return outcome;
    }

    /// <summary>Makes held blocks used ones.</summary>
    public void UseHeld(BlockRun run)
    {
        BlockGroup group = GroupOf(run, out int index);
        group.Use(index, run.BlockCount);
        FreeBlocks -= (ulong)run.BlockCount;
        MarkDirty(group);
    }

    /// <summary>Makes blocks available: held ones that nobody needs any more.</summary>
    public void Release(BlockRun run)
    {
        BlockGroup group = GroupOf(run, out int index);
        if (!group.IsDamaged)
        {
            group.Release(index, run.BlockCount);
            AvailableBlocks += (ulong)run.BlockCount;
        }
    }

    /// <summary>Keeps blocks that are not in use from being handed out until the commit of that generation is durable.</summary>
    public void AddPending(BlockRun run, ulong generation)
    {
        PendingFreeBlocks += (ulong)run.BlockCount;
        if (_pending.Count > 0)
        {
            PendingFree last = _pending[^1];
            if (last.Generation == generation && last.Run.End == run.First && last.Run.BlockCount <= int.MaxValue - run.BlockCount
                && _layout.GroupOf(last.Run.First.Value) == _layout.GroupOf(run.First.Value))
            {
                _pending[^1] = new PendingFree(new BlockRun(last.Run.First, last.Run.BlockCount + run.BlockCount), generation);
                return;
            }
        }

        _pending.Add(new PendingFree(run, generation));
    }

    /// <summary>Fixes the bitmaps that the commit writes.</summary>
    public void BeginCommit(ulong generation)
    {
        foreach (BlockGroup group in _dirty)
        {
            group.Freeze(generation);
            _committing.Add(group);
        }

        _dirty.Clear();
    }

    /// <summary>The commit is durable: decides which blocks become available by it.</summary>
    public void CollectReleasable(ulong generation)
    {
        ulong last = IsSpaceShort ? generation : generation - 1;
        int count = 0;
        while (count < _pending.Count && _pending[count].Generation <= last)
        {
            _releasing.Add(_pending[count++].Run);
        }

        _pending.RemoveRange(0, count);
        int missing = ReleaseSurplusWarm();
        _releasing.Sort(static (left, right) => left.First.CompareTo(right.First));
        KeepWarm(missing);
    }

    /// <summary>Ends the commit: descriptors are in force, blocks become available.</summary>
    public void Publish()
    {
        foreach (BlockGroup group in _committing)
        {
            group.Descriptor = group.NextDescriptor;
        }

        _committing.Clear();
        foreach (BlockRun run in _releasing)
        {
            PendingFreeBlocks -= (ulong)run.BlockCount;
            Release(run);
        }

        _releasing.Clear();
        PublishWarm();
        _isGrowthRefused = false;
    }

    private void MarkDirty(BlockGroup group)
    {
        if (!group.IsDirty)
        {
            group.IsDirty = true;
            _dirty.Add(group);
        }
    }

    private BlockGroup GroupOf(BlockRun run, out int index)
    {
        BlockGroup group = _groups[_layout.GroupOf(run.First.Value)];
        index = (int)(run.First.Value - group.Start);
        return group;
    }
}
