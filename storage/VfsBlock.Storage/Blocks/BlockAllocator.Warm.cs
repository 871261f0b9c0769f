namespace VfsBlock.Storage;

/// <summary>
/// Warm blocks: free ones that the host has space for, because they were written before. A first write to a hole of the host's file makes the next flush write the host's own
/// metadata too, block by block, before it returns; so the few blocks that somebody waits for go to warm ones.
/// </summary>
/// <remarks>
/// They are busy in the bitmaps, so that no search finds them, and available in the count: they are given back when space is short, or a search finds nothing else. Where they come from: zeros
/// written ahead (<see cref="AddWarm"/>), and what commits make available. A commit keeps as many as were asked for since the one before, so without demand there are none.
/// </remarks>
internal sealed partial class BlockAllocator
{
    private const int WarmFraction = 32;
    private const long WarmLimitBytes = 32L << 20;
    private const long WarmLowBytes = 3L << 20;

    // Fewer since the last commit are not worth the zeros.
    private const long MinWarmDemandBlocks = 32;

    // Runs that are used up from the last one on.
    private readonly List<BlockRun> _warm = new(1024);
    private readonly List<BlockRun> _keeping = [];
    private long _warmDemandBlocks;
    private bool _isWarmingRefused;

    /// <summary>How many blocks are warm.</summary>
    public int WarmBlocks { get; private set; }

    /// <summary>True if warm blocks are in demand and soon used up: zeros should be written ahead.</summary>
    public bool WantsWarm => _warmDemandBlocks >= MinWarmDemandBlocks && WarmBlocks < WarmLowBlocks && !_isWarmingRefused && !IsSpaceShort;

    private int WarmLimitBlocks => (int)Math.Min((ulong)(WarmLimitBytes / _layout.BlockSizeBytes), (SizeBlocks + GrowableBlocks) / WarmFraction);

    private int WarmLowBlocks => Math.Min((int)(WarmLowBytes / _layout.BlockSizeBytes), WarmLimitBlocks);

    /// <summary>Makes held blocks warm ones, after they were written.</summary>
    public void AddWarm(BlockRun run)
    {
        AvailableBlocks += (ulong)run.BlockCount;
        WarmBlocks += run.BlockCount;
        _warm.Add(run);
    }

    /// <summary>No zeros can be written now; tried again after the next commit.</summary>
    public void RefuseWarming() => _isWarmingRefused = true;

    /// <summary>Takes warm blocks out, to be given back by <see cref="Release"/> once the host's space for them is gone.</summary>
    /// <returns>False if there are none.</returns>
    public bool TryDropWarm(out BlockRun run)
    {
        run = default;
        if (_warm.Count == 0)
        {
            return false;
        }

        run = TakeLastWarm(int.MaxValue);
        AvailableBlocks -= (ulong)run.BlockCount;
        return true;
    }

    private bool TryTakeWarm(in AllocationRequest request, int wanted, out BlockRun run)
    {
        _warmDemandBlocks += wanted;
        if (_warm.Count == 0 || _warm[^1].BlockCount < request.MinimumBlocks)
        {
            run = default;
            return false;
        }

        BlockRun warm = TakeLastWarm(wanted);
        BlockGroup group = GroupOf(warm, out int index);
        group.Release(index, warm.BlockCount);
        run = Take(group, index, warm.BlockCount, in request);
        return true;
    }

    private BlockRun TakeLastWarm(int wanted)
    {
        BlockRun last = _warm[^1];
        int count = Math.Min(wanted, last.BlockCount);
        if (count == last.BlockCount)
        {
            _warm.RemoveAt(_warm.Count - 1);
        }
        else
        {
            _warm[^1] = new BlockRun(last.First.Plus((ulong)count), last.BlockCount - count);
        }

        WarmBlocks -= count;
        return new BlockRun(last.First, count);
    }

    // Searches find them again; the host keeps its space.
    private void GiveWarmBack()
    {
        while (TryDropWarm(out BlockRun run))
        {
            Release(run);
        }
    }

    // Of the commit that is durable: what nobody asked for goes the way of what was freed.
    private int ReleaseSurplusWarm()
    {
        int wanted = _warmDemandBlocks < MinWarmDemandBlocks || IsSpaceShort ? 0 : (int)Math.Clamp(_warmDemandBlocks, WarmLowBlocks, WarmLimitBlocks);
        _warmDemandBlocks = 0;
        while (WarmBlocks > wanted)
        {
            BlockRun surplus = TakeLastWarm(WarmBlocks - wanted);
            AvailableBlocks -= (ulong)surplus.BlockCount;
            PendingFreeBlocks += (ulong)surplus.BlockCount;
            _releasing.Add(surplus);
        }

        return wanted - WarmBlocks;
    }

    // From the highest on, so that they are used in ascending order.
    private void KeepWarm(int missingBlocks)
    {
        while (missingBlocks > 0 && _releasing.Count > 0)
        {
            BlockRun last = _releasing[^1];
            int kept = Math.Min(missingBlocks, last.BlockCount);
            _keeping.Add(new BlockRun(last.First.Plus((ulong)(last.BlockCount - kept)), kept));
            missingBlocks -= kept;
            if (kept == last.BlockCount)
            {
                _releasing.RemoveAt(_releasing.Count - 1);
            }
            else
            {
                _releasing[^1] = new BlockRun(last.First, last.BlockCount - kept);
            }
        }
    }

    private void PublishWarm()
    {
        foreach (BlockRun run in _keeping)
        {
            PendingFreeBlocks -= (ulong)run.BlockCount;
            AddWarm(run);
        }

        _keeping.Clear();
        _isWarmingRefused = false;
    }
}
