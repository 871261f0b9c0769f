using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Operations on names and attributes at random, on an image with syncs, checkpoints, crashes and reopening, beside the model. Over every way of reading nodes.</summary>
public sealed class VolumeImageModelTests(ITestOutputHelper output)
{
    private const int StepCount = 3000;

    [Fact]
    public void Operations_OnASimulatedDisk_EqualTheModel() => Run(VolumeGround.Simulated);

    [Fact]
    public void Operations_OnAMappedImage_EqualTheModel() => Run(VolumeGround.Mapped);

    [LoopDeviceFact]
    public void Operations_OnABlockDevice_EqualTheModel() => Run(VolumeGround.Loop);

    private void Run(VolumeGround ground)
    {
        var random = new Random(RandomSeed.Take(output));
        var clock = new ManualClock();
        using var fixture = new DataFixture(new VolumeOptions { Clock = clock }, ground: ground);
        var model = new ModelVolume(clock, new VolumeFormat().RootPermissions, new VolumeFormat().Owner);
        var workload = new NamespaceWorkload(random, fixture.Open, model, clock);
        for (int step = 1; step <= StepCount; step++)
        {
            workload.Step();
            switch (random.Next(600))
            {
                case < 20:
                    Assert.Equal(Errno.None, fixture.Open.Sync());
                    break;
                case < 30:
                    Assert.Equal(Errno.None, fixture.Open.Checkpoint());
                    break;
                case 30:
                    Restart(fixture.Crash, fixture, workload);
                    break;
                case 31:
                    Restart(fixture.Reopen, fixture, workload);
                    break;
                default:
                    break;
            }

            if (step % 100 == 0)
            {
                string? difference = ModelComparison.FindDifference(model, fixture.Open);
                Assert.True(difference is null, $"after step {step} ({workload.Last}): {difference}");
            }
        }

        fixture.AssertClean();
    }

    private static void Restart(Action restart, DataFixture fixture, NamespaceWorkload workload)
    {
        restart();
        Assert.Equal(Errno.None, fixture.Open.DeleteOrphans());
        workload.ForgetHolds();
        workload.Volume = fixture.Open;
    }
}
