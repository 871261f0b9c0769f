using System.Globalization;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>Short sequences of operations, and every power cut in them.</summary>
public sealed class AceTests(ITestOutputHelper output)
{
    private const int ReportedFailureCount = 5;
    private const int SampleCount = 80;

    // VFSBLOCK_SCALE=20 for a night.
    private static int Scale { get; } = int.Parse(Environment.GetEnvironmentVariable("VFSBLOCK_SCALE") ?? "1", CultureInfo.InvariantCulture);

    private static readonly CrashBase _base = new(AceWorkloads.Format, AceWorkloads.Options, AceWorkloads.Setup);

    [Fact]
    public void PowerCut_InEverySequenceOfOne_LeavesAPrefix() => Check(AceWorkloads.Sequences(1), new CrashPlanOptions
    {
        Images = new CrashImageOptions { FullSubsetLimit = 6, RandomSubsetCount = 20, MaxImagesPerFlush = 8 * Scale },
        NestedEvery = 12,
        UsedEvery = 2,
    });

    [Fact]
    public void PowerCut_InEverySequenceOfTwo_LeavesAPrefix() => Check(Shortened(AceWorkloads.Sequences(2)), new CrashPlanOptions
    {
        Images = new CrashImageOptions { FullSubsetLimit = 2, RandomSubsetCount = 2, HasTornWrites = false, MaxImagesPerFlush = 2 * Scale },
        UsedEvery = 6,
    }, isOnlyTheRest: true);

    [Fact]
    public void PowerCut_InSequencesOfThreeAtRandom_LeavesAPrefix()
    {
        var random = new Random(RandomSeed.Take(output));
        Operation[] Any(Operation[][] choices) => choices[random.Next(choices.Length)];
        Operation[] Sequence() => [.. Enumerable.Range(0, 3).SelectMany(_ => (Operation[])[.. Any(AceWorkloads.Actions), .. Any(AceWorkloads.Persistence)]),
            .. Any(AceWorkloads.Persistence[1..])];
        List<Operation[]> sequences = [.. Enumerable.Range(0, SampleCount * Scale).Select(_ => Sequence())];
        Check(sequences, new CrashPlanOptions
        {
            Images = new CrashImageOptions { FullSubsetLimit = 4, RandomSubsetCount = 8, MaxImagesPerFlush = 8 * Scale, Seed = random.Next() },
            NestedEvery = 31,
            UsedEvery = 3,
        });
    }

    // Every pair of actions is there; whether a sync or a checkpoint ends it takes turns.
    private static IEnumerable<Operation[]> Shortened(IEnumerable<Operation[]> sequences) =>
        Scale > 1 ? sequences : sequences.Where((_, index) => (index & 1) == ((index >> 1) & 1));

    /// <param name="sequences">What to do.</param>
    /// <param name="plan">How thoroughly to look.</param>
    /// <param name="isOnlyTheRest">True to leave images out that a shorter sequence has too: those before the last persistence point but one.</param>
    private void Check(IEnumerable<Operation[]> sequences, CrashPlanOptions plan, bool isOnlyTheRest = false)
    {
        var counts = new CrashCounts();
        List<string> failures = [];
        Parallel.ForEach(sequences, (sequence, loop) =>
        {
            try
            {
                using CrashRun run = _base.Begin();
                int position = 0;
                foreach (Operation operation in sequence[..^1])
                {
                    run.Apply(operation);
                    position = isOnlyTheRest && operation.IsPersistence ? run.Position : position;
                }

                run.Apply(sequence[^1]);
                run.CompareLive();
                run.CheckImages(plan with { FirstPosition = position }, counts);
            }
            catch (Exception e)
            {
                lock (failures)
                {
                    failures.Add($"{string.Join(", ", (object[])sequence)}\n{e}");
                    if (failures.Count >= ReportedFailureCount)
                    {
                        loop.Stop();
                    }
                }
            }
        });
        output.WriteLine(counts.ToString());
        Console.WriteLine(counts.ToString());
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        Assert.True(counts.Images > counts.Workloads, "hardly a crash image was checked");
    }
}
