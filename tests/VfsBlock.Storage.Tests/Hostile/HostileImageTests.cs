using System.Globalization;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>
/// Images whose structures were changed at random and whose checksums are right: whatever is in them, checker and volume answer with findings, typed exceptions and errnos, within a
/// bound of calls to the device, and never outside of it.
/// </summary>
public sealed class HostileImageTests(ITestOutputHelper output)
{
    private const int MutationCount = 120;
    private const int TimeoutMs = 60_000;
    private const int MaxFailureCount = 5;

    // VFSBLOCK_SCALE=20 for a night.
    private static int Scale { get; } = int.Parse(Environment.GetEnvironmentVariable("VFSBLOCK_SCALE") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void Use_UnchangedSample_FindsNothing()
    {
        foreach (HostileSample sample in (HostileSample[])[HostileSample.Closed, HostileSample.Crashed])
        {
            using MemoryDevice device = sample.Copy();
            var run = new HostileRun(new Random(7), device);
            run.Run();
            Assert.Empty(run.Report!.Findings);
            Assert.Null(run.Refusal);
            Assert.Equal(0, run.DamageCount);
            output.WriteLine($"{run.CallCount} calls");
        }
    }

    [Fact]
    public void Use_MutatedImages_IsAnsweredWithinBounds()
    {
        int seed = RandomSeed.Take(output);
        int foundCount = 0;
        int refusedCount = 0;
        int damagedCount = 0;
        int count = MutationCount * Scale;
        List<string> failures = [];
        for (int index = 0; index < count && failures.Count < MaxFailureCount; index++)
        {
            HostileRun run = Run(seed + index, failures);
            if (run.Report is null)
            {
                continue;
            }

            foundCount += run.Report.IsClean ? 0 : 1;
            refusedCount += run.Refusal is null ? 0 : 1;
            damagedCount += run.DamageCount > 0 ? 1 : 0;
        }

        string text = $"{count} mutated images: the checker found something in {foundCount}, {refusedCount} were not opened, {damagedCount} answered EIO";
        output.WriteLine(text);
        Console.WriteLine(text);
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        Assert.True(foundCount > count / 2, "the checker hardly finds anything");
        Assert.True(refusedCount > 0 && damagedCount > count / 10, "the mutations do not come far");
    }

    // On a thread of its own, so that one that hangs is told by its seed.
    private static HostileRun Run(int seed, List<string> failures)
    {
        var random = new Random(seed);
        HostileSample sample = random.Next(2) == 0 ? HostileSample.Closed : HostileSample.Crashed;
        MemoryDevice device = sample.Copy();
        using var forge = new ImageForge(device);
        var mutator = new HostileMutator(random, forge, sample.Map);
        mutator.Mutate();
        var run = new HostileRun(random, device);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                run.Run();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        { IsBackground = true };
        thread.Start();
        bool hasEnded = thread.Join(TimeoutMs);
        if (!hasEnded || failure is not null)
        {
            failures.Add($"VFSBLOCK_SEED={seed} ({mutator.Description}): {failure?.ToString() ?? "it hangs"}");
            return new HostileRun(random, device);
        }

        device.Dispose();
        return run;
    }
}
