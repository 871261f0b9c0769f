namespace VfsBlock.Storage;

/// <summary>Taking exactly the blocks that a log names.</summary>
internal sealed partial class BlockAllocator
{
    /// <summary>Takes those blocks of a run that are not in use.</summary>
    /// <param name="run">Which.</param>
    /// <param name="group">The group to load, if that is the outcome.</param>
    public unsafe AllocationOutcome TryClaim(BlockRun run, out BlockGroup? group)
    {
        group = null;
        if (run.BlockCount <= 0 || run.First.Value < _layout.FirstGroupBlock || run.First.Value >= _limitBlocks || run.End.Value > _limitBlocks)
        {
            return AllocationOutcome.Invalid;
        }

        if (run.End.Value > SizeBlocks)
        {
            return AllocationOutcome.NeedsGrowth;
        }

        group = _groups[_layout.GroupOf(run.First.Value)];
        int index = (int)(run.First.Value - group.Start);
        int end = index + run.BlockCount;
        if (index < group.ReservedCount || end > ImageLayout.BlocksPerGroup)
        {
            return AllocationOutcome.Invalid;
        }

        if (group.IsDamaged || !group.IsLoaded)
        {
            return group.IsDamaged ? AllocationOutcome.Damaged : AllocationOutcome.NeedsGroup;
        }

        for (int start = BlockBits.NextClear(group.Busy, index, end); start < end;)
        {
            int count = BlockBits.NextSet(group.Busy, start, end) - start;
            group.Take(start, count, isHeld: false);
            AvailableBlocks -= (ulong)count;
            FreeBlocks -= (ulong)count;
            MarkDirty(group);
            start = BlockBits.NextClear(group.Busy, start + count, end);
        }

        return AllocationOutcome.Done;
    }
}
