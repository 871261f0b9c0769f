using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What replaying a log needs.</summary>
public sealed partial class BlockFile
{
    /// <summary>
    /// Takes exactly these blocks, because a log says that they were taken after the last commit. Blocks of the run that are in use stay so: a replay that was cut short
    /// is repeated. The image grows to where the run ends.
    /// </summary>
    /// <returns>EINVAL if the run cannot be anybody's; ENOSPC; EROFS; EIO.</returns>
    internal Errno Claim(BlockRun run)
    {
        while (true)
        {
            Errno error = CheckWritable();
            if (error != Errno.None)
            {
                return error;
            }

            AllocationOutcome outcome;
            BlockGroup? group;
            lock (_gate)
            {
                outcome = _allocator.TryClaim(run, out group);
                if (outcome == AllocationOutcome.Done)
                {
                    ForgetSeen(run.First, run.BlockCount);
                    return Errno.None;
                }
            }

            error = outcome == AllocationOutcome.NeedsGrowth ? GrowOver(run) : Resolve(outcome, group, run.BlockCount);
            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    private Errno GrowOver(BlockRun run)
    {
        ulong before = (ulong)(SizeBytes / BlockSizeBytes);
        Grow((int)Math.Min(run.End.Value - before, int.MaxValue / 2));
        return (ulong)(SizeBytes / BlockSizeBytes) > before ? Errno.None : Errno.ENOSPC;
    }
}
