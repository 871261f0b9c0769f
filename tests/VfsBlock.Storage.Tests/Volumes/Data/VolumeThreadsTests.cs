using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>Several threads that change files while others commit: no root may have blocks that nobody has.</summary>
public sealed class VolumeThreadsTests(ITestOutputHelper output)
{
    private const int ThreadCount = 4;
    private const int StepCount = 300;

    [Theory]
    [InlineData(256L << 20)]
    [InlineData(8L << 20)] // Full most of the time.
    public async Task Changes_BesideCommits_LeaveNoBlockThatNobodyHas(long sizeLimitBytes)
    {
        int seed = RandomSeed.Take(output);
        using var disk = new SimDisk(0);
        Volume.Format(disk, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes, SizeLimitBytes = sizeLimitBytes });
        Volume volume = Volume.Open(new LentDevice(disk));
        using var hasEnded = new CancellationTokenSource();
        Task commits = Task.Run(() =>
        {
            while (!hasEnded.IsCancellationRequested)
            {
                Assert.Equal(Errno.None, volume.Checkpoint());
            }
        });
        Task[] changes = [.. Enumerable.Range(0, ThreadCount).Select(thread => Task.Run(() => Change(volume, thread, new Random(seed + thread))))];
        await Task.WhenAll(changes).WaitAsync(TimeSpan.FromMinutes(5));
        await hasEnded.CancelAsync();
        await commits.WaitAsync(TimeSpan.FromMinutes(2));
        AssertClean(disk, "in use");
        volume.Dispose();
        AssertClean(disk, "closed");
    }

    private static void Change(Volume volume, int thread, Random random)
    {
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, Encoding.ASCII.GetBytes($"file {thread}"), 0x1A4, default, out InodeEntry file));
        byte[] data = DataFixture.Pattern(200_000, thread);
        for (int step = 0; step < StepCount; step++)
        {
            ulong offset = (ulong)random.Next(2_000_000);
            ulong length = (ulong)random.Next(1, data.Length);
            Errno error = random.Next(6) switch
            {
                0 => volume.Allocate(file.Number, offset, length, keepsSize: true),
                1 => volume.PunchHole(file.Number, offset, length),
                2 => volume.SetSize(file.Number, offset),
                3 => volume.CopyRange(file.Number, 0, file.Number, 2_097_152, length, out _),
                _ => volume.Write(file.Number, offset, data.AsSpan(0, (int)length)).Error,
            };
            Assert.True(error is Errno.None or Errno.ENOSPC, $"step {step} of thread {thread} answers {error}");
        }
    }

    private static void AssertClean(SimDisk disk, string when)
    {
        CheckReport report = VolumeChecker.Check(new LentDevice(disk), new CheckOptions());
        Assert.True(report.Findings.Count == 0, $"{when}: {string.Join("\n", report.Findings)}");
    }
}
