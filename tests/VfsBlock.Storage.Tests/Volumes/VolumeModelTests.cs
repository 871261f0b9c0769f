using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(3UL << 4)] // Hashes of which there are four: names share them.
    public void RandomOperations_WithCommitsColdNodesAndRestarts_EqualTheModel(ulong hashMask)
    {
        const int StepCount = 6000;
        int seed = RandomSeed.Take(output);
        var random = new Random(seed);
        using var fixture = new VolumeFixture(new VolumeOptions { HashMask = hashMask });
        var model = new ModelVolume(fixture.Clock, 0x1ED, VolumeFixture.User);
        var workload = new NamespaceWorkload(random, fixture.Volume, model, fixture.Clock);
        for (int step = 0; step < StepCount; step++)
        {
            workload.Step();
            if (random.Next(40) == 0)
            {
                fixture.Commit(random, random.NextDouble());
            }

            if (random.Next(500) == 0)
            {
                fixture.Restart();
                workload.ForgetHolds();
                workload.Volume = fixture.Volume;
            }

            if (step % 50 == 0 || step == StepCount - 1)
            {
                string? difference = ModelComparison.FindDifference(model, fixture.Volume);
                Assert.True(difference is null, $"after step {step} ({workload.Last}): {difference}");
            }
        }

        Assert.True(fixture.Store.LoadCount > 0);
        output.WriteLine($"{StepCount} operations, {fixture.Store.LoadCount} cold nodes loaded, {model.Inodes.Count} inodes at the end");
    }
}
