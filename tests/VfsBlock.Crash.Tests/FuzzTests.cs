using System.Globalization;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>Long runs of operations at random, on an image that grows from nothing, with crashes after which the volume that survived is used on.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int RoundCount = 12;
    private const int StepCount = 50;
    private const string FillerName = "filler";
    private const long RoomyBytes = 256 << 20;
    private const long TightBytes = 3 << 20;

    // VFSBLOCK_SCALE=20 for a night.
    private static int Scale { get; } = int.Parse(Environment.GetEnvironmentVariable("VFSBLOCK_SCALE") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Operations_AtRandomWithCrashes_LeaveAPrefix() => Assert.Equal(0, RunAll(RoomyBytes));

    [Fact]
    public void Operations_AtRandomOnAFullVolume_LoseNothingAndDeletesWork() => Assert.True(RunAll(TightBytes) > 0, "the volume was never full");

    /// <summary>The volume may grow and its host has no room: then a sync may be refused as well, and nothing that was acknowledged is lost.</summary>
    [Fact]
    public void Operations_AtRandomOnAFullHost_LeaveAPrefix() => Assert.True(RunAll(RoomyBytes, TightBytes) > 0, "the host was never full");

    [Theory]
    [InlineData(1369608500)] // A checkpoint answered ENOSPC: no nodes to give places to what was written.
    [InlineData(1445811236)] // So did a sync, for a file of shared extents.
    [InlineData(1583259129)] // The log could not be replayed: ENOSPC.
    [InlineData(187218155)] // A hole over shared extents needed too many nodes.
    public void Operations_OfASeedThatFailedOnAFullVolume_LoseNothing(int seed) => Run(seed, TightBytes, long.MaxValue, new CrashCounts());

    // Each with a seed of its own, so that one that fails can be run alone.
    private int RunAll(long sizeLimitBytes, long hostLimitBytes = long.MaxValue)
    {
        int seed = RandomSeed.Take(output);
        var counts = new CrashCounts();
        int refusedCount = 0;
        for (int run = 0; run < Scale; run++)
        {
            refusedCount += Run(seed + run, sizeLimitBytes, hostLimitBytes, counts);
        }

        string text = $"{counts}, {refusedCount} operations refused for want of space";
        output.WriteLine(text);
        Console.WriteLine(text);
        return refusedCount;
    }

    private static int Run(int seed, long sizeLimitBytes, long hostLimitBytes, CrashCounts counts)
    {
        var random = new Random(seed);
        int refusedCount = 0;
        bool isHostTight = hostLimitBytes < long.MaxValue;
        using var start = new CrashBase(AceWorkloads.Format with { SizeLimitBytes = sizeLimitBytes }, AceWorkloads.Options, [], random.Next(), hostLimitBytes);
        CrashRun run = start.Begin();
        try
        {
            var operations = new FuzzOperations(random);
            for (int round = 0; round < RoundCount; round++)
            {
                refusedCount += Fuzz(run, operations, isFilled: (sizeLimitBytes == TightBytes || isHostTight) && round % 2 == 0, demandsFreeing: !isHostTight);
                run = Crash(run, random, counts);
            }
        }
        catch (Exception e)
        {
            Assert.Fail($"seed {seed}, limit {sizeLimitBytes}: {(e is CrashFailedException ? e.Message : e)}\nSince the volume was opened:\n{string.Join(",\n", run.Done)}");
        }
        finally
        {
            run.Dispose();
        }

        return refusedCount;
    }

    private static int Fuzz(CrashRun run, FuzzOperations operations, bool isFilled, bool demandsFreeing)
    {
        run.Refusals.Add(Errno.ENOSPC);
        run.DemandsFreeing = demandsFreeing;
        if (isFilled)
        {
            run.Apply(new Operation(OperationKind.Create, FillerName));
            while (run.Apply(new Operation(OperationKind.Append, FillerName, Length: 150_000)) == Errno.None)
            {
            }
        }

        for (int step = 1; step <= StepCount; step++)
        {
            run.Apply(operations.Next(run.Model));
            if (step % 10 == 0)
            {
                run.CompareLive();
            }
        }

        return run.RefusedCount;
    }

    // One of the images, each with the same chance, is what the next round finds.
    private static CrashRun Crash(CrashRun run, Random random, CrashCounts counts)
    {
        SimDisk? disk = null;
        ModelVolume? model = null;
        int number = 0;
        var plan = new CrashPlanOptions
        {
            Images = new CrashImageOptions { FullSubsetLimit = 3, RandomSubsetCount = 4, MaxImagesPerFlush = 4, Seed = random.Next() },
            UsedEvery = 7,
            NestedEvery = 19,
        };
        run.CheckImages(plan, counts, (image, state) =>
        {
            if (random.Next(++number) == 0)
            {
                disk = image.Open().Copy();
                model = state;
            }
        });
        CrashRun next = run.Continue(disk!, model!.Clone());
        run.Dispose();
        return next;
    }
}
