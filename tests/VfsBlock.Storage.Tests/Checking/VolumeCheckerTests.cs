using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Checking;

/// <summary>The checker finds nothing on volumes that are right, and each corruption by its name.</summary>
public sealed class VolumeCheckerTests(ITestOutputHelper output)
{
    private static readonly CheckOptions Thorough = new() { VerifiesData = true };

    public static TheoryData<string> Corruptions => [.. SeededCorruptions.All.Keys];

    [Fact]
    public void Check_SampleVolume_FindsNothing()
    {
        using OverlayDevice device = SampleVolume.Closed.Copy();
        CheckReport report = VolumeChecker.Check(device, Thorough);
        AssertClean(report, "the sample");
        Assert.Equal(0, report.ReplayCount);
        Assert.Equal(1, report.OrphanCount);
        Assert.True(report.NodeCount > 3 && report.NameCount > 250 && report.VerifiedBlockCount > 70);
    }

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void Check_SeededCorruption_IsFoundByName(string name)
    {
        SeededCorruption corruption = SeededCorruptions.All[name];
        using OverlayDevice device = SampleVolume.Closed.Copy();
        VolumeEditor.Edit(device, editor => corruption.Make(editor, SampleVolume.Closed));
        CheckReport report = VolumeChecker.Check(device, Thorough);
        foreach (VolumeFinding finding in report.Findings)
        {
            output.WriteLine(finding.ToString());
        }

        Assert.Contains(report.Findings, finding => finding.Kind == corruption.Expected);
        Assert.True(report.Findings.Count <= 12, "one corruption has more findings than somebody can read");
    }

    [Fact]
    public void Check_CrashedVolume_SaysThatTheLogIsToBeReplayed()
    {
        using OverlayDevice device = SampleVolume.Crashed.Copy();
        CheckReport asItIs = VolumeChecker.Check(device, Thorough);
        AssertClean(asItIs, "the root");
        Assert.True(asItIs is { ReplayCount: > 0, IsReplayed: false });
        CheckReport replayed = VolumeChecker.Check(device, Thorough with { ReplaysLog = true });
        AssertClean(replayed, "the replayed image");
        Assert.True(replayed.IsReplayed && replayed.ReplayCount == asItIs.ReplayCount && replayed.Generation > asItIs.Generation);
        Assert.NotEqual(asItIs.DataBlockCount, replayed.DataBlockCount);
    }

    [Fact]
    public void Check_ManyFindings_AreBoundedAndCounted()
    {
        using OverlayDevice device = SampleVolume.Closed.Copy();
        VolumeEditor.Edit(device, editor =>
        {
            for (ulong number = 1; number <= 100; number++)
            {
                editor.Put(FileKey.Orphan(new InodeNumber(1_000_000 + number)), OrphanItem.Bytes);
            }
        });
        CheckReport report = VolumeChecker.Check(device, new CheckOptions { MaxFindings = 10 });
        Assert.Equal(10, report.Findings.Count);
        Assert.Equal(90, report.MoreCount);
    }

    [Fact]
    public void Check_WithProgress_EndsAtTheTotal()
    {
        using OverlayDevice device = SampleVolume.Closed.Copy();
        long last = -1;
        long total = 0;
        VolumeChecker.Check(device, new CheckOptions
        {
            Progress = (done, all) =>
            {
                Assert.True(done >= last && done <= all);
                last = done;
                total = all;
            },
        });
        Assert.True(total > 0);
        Assert.Equal(total, last);
    }

    [Fact]
    public void Check_CrashImages_AreCleanAfterRecovery()
    {
        const int ImageCount = 150;
        int seed = RandomSeed.Take(output);
        var disk = new SimDisk(0);
        Volume.Format(disk, new VolumeFormat { LogBytes = 64 * LogFormat.PageBytes, SizeLimitBytes = 64 << 20 });
        disk.Settle();
        using (Volume volume = Volume.Open(new LentDevice(disk)))
        {
            for (int index = 0; index < 12; index++)
            {
                Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, SampleVolume.Name($"file {index}"), 0x1A4, default, out InodeEntry entry));
                Assert.True(volume.Write(entry.Number, 0, SampleVolume.Pattern(1000 + (index * 3000))).Succeeded);
                Assert.Equal(Errno.None, index % 5 == 4 ? volume.Checkpoint() : volume.Sync());
                Assert.Equal(Errno.None, index % 3 == 2 ? volume.Unlink(InodeNumber.Root, SampleVolume.Name($"file {index - 1}")) : Errno.None);
            }
        }

        var images = new CrashImages(disk, new CrashImageOptions { Seed = seed, RandomSubsetCount = 4, FullSubsetLimit = 2, MaxImagesPerFlush = 8 });
        int imageCount = 0;
        foreach (CrashImage image in images.Take(ImageCount))
        {
            SimDisk crashed = image.Open();
            Volume.Open(new LentDevice(crashed)).Dispose();
            AssertClean(VolumeChecker.Check(crashed, Thorough), image.ToString());
            imageCount++;
        }

        output.WriteLine($"{imageCount} crash images checked");
        Assert.True(imageCount > 50);
    }

    private void AssertClean(CheckReport report, string what)
    {
        foreach (VolumeFinding finding in report.Findings)
        {
            output.WriteLine(finding.ToString());
        }

        Assert.True(report.IsClean, $"{what}: {report.Findings.Count + report.MoreCount} findings, the first: {(report.IsClean ? null : report.Findings[0])}");
    }
}
