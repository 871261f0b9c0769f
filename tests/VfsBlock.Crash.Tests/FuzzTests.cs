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

    [Theory]
    [InlineData(256L << 20)]
    [InlineData(6L << 20)] // Full soon.
    public void Operations_AtRandomWithCrashes_LeaveAPrefix(long sizeLimitBytes) => Run(RandomSeed.Take(output), sizeLimitBytes);

    private void Run(int seed, long sizeLimitBytes)
    {
        var random = new Random(seed);
        var counts = new CrashCounts();
        int refusedCount = 0;
        var start = new CrashBase(AceWorkloads.Format with { SizeLimitBytes = sizeLimitBytes }, AceWorkloads.Options, [], random.Next());
        CrashRun run = start.Begin();
        try
        {
            var operations = new FuzzOperations(random);
            for (int round = 0; round < RoundCount; round++)
            {
                refusedCount += Fuzz(run, operations);
                run = Crash(run, random, counts);
            }
        }
        catch (CrashFailedException e)
        {
            Assert.Fail($"seed {seed}: {e.Message}\nSince the volume was opened:\n{string.Join(",\n", run.Done)}");
        }
        finally
        {
            run.Dispose();
        }

        output.WriteLine($"{counts}, {refusedCount} operations refused");
    }

    private static int Fuzz(CrashRun run, FuzzOperations operations)
    {
        run.Refusals.Add(Errno.ENOSPC);
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
