using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>Holds one crash image against the states that it may show.</summary>
internal sealed class CrashCheck(CrashImage image, VolumeOptions options, CrashCounts counts)
{
    private const string ProbeName = "used after the crash";

    // The smallest that holds the largest change.
    private const int SmallWindowBytes = 4096;

    private readonly List<string> _log = [];
    private int _openCount;

    public required bool IsNested { get; init; }

    public required bool IsUsed { get; init; }

    public required bool IsChecked { get; init; }

    public required CrashImageOptions Nested { get; init; }

    public required ManualClock Clock { get; init; }

    /// <summary>Opens the image, opens it again, crashes its recovery, goes on working with it, lets the checker look at it.</summary>
    /// <param name="candidates">The states that it may show, the newest first.</param>
    /// <returns>The state that it shows.</returns>
    public CrashState Run(IEnumerable<CrashState> candidates)
    {
        counts.AddImage();
        try
        {
            using SimDisk disk = image.Open();
            CrashState state = Find(disk, candidates);
            if (IsUsed || IsNested)
            {
                Demand(disk, state.Model, "recovered a second time");
            }

            if (IsNested)
            {
                foreach (CrashImage nested in new CrashImages(disk, Nested))
                {
                    counts.AddNested();
                    Demand(nested.Open(), state.Model, $"after a crash of its recovery ({nested})");
                }
            }

            if (IsUsed)
            {
                Use(disk, state.Model.Clone());
            }

            if (IsChecked)
            {
                DemandClean(disk);
            }

            return state;
        }
        catch (Exception e) when (e is not CrashFailedException)
        {
            throw new CrashFailedException($"{image}: {e.Message} {string.Join("; ", _log)}", e);
        }
    }

    private void DemandClean(SimDisk disk)
    {
        counts.AddChecked();
        CheckReport report = VolumeChecker.Check(disk, new CheckOptions { VerifiesData = true, ReplaysLog = true });
        if (!report.IsClean)
        {
            throw new CrashFailedException($"{image}: the checker says of what was recovered: {string.Join("; ", report.Findings.Take(5))}");
        }
    }

    private CrashState Find(SimDisk disk, IEnumerable<CrashState> candidates)
    {
        Volume volume = Open(disk);
        try
        {
            List<string> differences = [];
            foreach (CrashState candidate in candidates)
            {
                string? difference = Difference(candidate.Model, volume);
                if (difference is null)
                {
                    return candidate;
                }

                differences.Add($"  not the state after {candidate.What}: {difference}");
            }

            throw new CrashFailedException($"{image}: recovered is no state that it may be\n{string.Join('\n', differences.Take(12))}");
        }
        finally
        {
            volume.Image.Dispose();
        }
    }

    private void Demand(SimDisk disk, ModelVolume model, string when)
    {
        Volume volume = Open(disk);
        try
        {
            if (Difference(model, volume) is { } difference)
            {
                throw new CrashFailedException($"{image}: {when} it is different: {difference}");
            }
        }
        finally
        {
            volume.Image.Dispose();
        }
    }

    // What was recovered must be fit for use: the next sync holds, whatever the log still has from before the crash.
    private void Use(SimDisk disk, ModelVolume model)
    {
        Volume volume = Open(disk);
        try
        {
            model.NextInode = volume.Core.NextInode;
            Dictionary<string, InodeNumber> held = [];
            foreach (Operation operation in new Operation[] { new(OperationKind.Create, ProbeName), new(OperationKind.Write, ProbeName, Length: 5000) })
            {
                Errno error = operation.Run(new VolumeActor(volume), held, _ => 0);
                if (error == Errno.ENOSPC)
                {
                    return;
                }

                if (error != Errno.None || operation.Run(new ModelActor(model), held, _ => 0) != Errno.None)
                {
                    throw new CrashFailedException($"{image}: after recovery, {operation} answers {error}");
                }
            }

            if (volume.Sync() is not Errno.None and var refusal)
            {
                throw new CrashFailedException($"{image}: after recovery, a sync answers {refusal}");
            }
        }
        finally
        {
            volume.Image.Dispose();
        }

        Demand(disk, model, "used after recovery, synced and crashed");
    }

    private static string? Difference(ModelVolume model, Volume volume)
    {
        if (ModelComparison.FindDifference(model, volume, comparesData: true) is { } difference)
        {
            return difference;
        }

        VolumeState state = volume.Core.State;
        ulong dataBlockCount = model.CountDataBlocks();
        return state.DataBlockCount != dataBlockCount ? $"{state.DataBlockCount} blocks of data, not {dataBlockCount}"
            : state.NextInode.Value <= model.Inodes.Keys.Max().Value ? $"the next inode is {state.NextInode}, which is in use"
            : volume.Image.ForeignFreeCount > 0 ? $"{volume.Image.ForeignFreeCount} times blocks were freed that were not its own"
            : volume.DamageCount > 0 ? $"{volume.DamageCount} pieces of damage were found"
            : null;
    }

    // Each other time, the replay has hardly any memory: then it writes nodes before its commit, and gathers few changes at once.
    // The probe reads the clock too, but nothing of the workload's time depends on it: it stands still.
    private Volume Open(SimDisk disk)
    {
        BlockFileOptions file = options.File with { Log = _log.Add };
        VolumeOptions replaying = _openCount++ % 2 == image.Position % 2 ? options : options with { ReplayNodeCount = 1, ReplayWindowBytes = SmallWindowBytes };
        Volume volume = Volume.Open(new LentDevice(disk), replaying with { Clock = Clock, File = file });
        Errno error = volume.DeleteOrphans();
        if (error != Errno.None)
        {
            volume.Image.Dispose();
            throw new CrashFailedException($"{image}: the orphans cannot be deleted: {error} {string.Join("; ", _log)}");
        }

        return volume;
    }
}
