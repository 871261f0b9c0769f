using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Many threads on the smallest log and in the smallest memory: each change gets its room in the end, and no answer says that there was none.</summary>
public sealed class VolumeTinyLogTests(ITestOutputHelper output)
{
    private const int StepCount = 120;

    [Theory]
    [InlineData(24, 1)]
    [InlineData(24, 5)]
    [InlineData(8, 3)]
    public async Task Changes_OfManyThreads_AllGetTheirRoom(int threadCount, int largePart)
    {
        int seed = RandomSeed.Take(output);
        using var device = new MemoryDevice(0);
        Volume.Format(device, new VolumeFormat { LogBytes = VolumeFormat.MinLogBytes });
        var options = new VolumeOptions
        {
            LogBatchBytes = VolumeOptions.MinLogBatchBytes,
            WriteBufferBytes = VolumeOptions.MinWriteBufferBytes,
            File = new BlockFileOptions { FrameMemoryBytes = VolumeOptions.MinFrameMemoryBytes },
        };
        using (Volume volume = Volume.Open(new LentDevice(device), options))
        {
            Task[] changes = [.. Enumerable.Range(0, threadCount).Select(thread => Task.Factory.StartNew(
                () => Change(volume, thread, largePart, new Random(seed + thread)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
            await Task.WhenAll(changes).WaitAsync(TimeSpan.FromMinutes(10));
        }

        Assert.Empty(VolumeChecker.Check(device, new CheckOptions()).Findings);
    }

    /// <param name="volume">The volume.</param>
    /// <param name="thread">Which thread.</param>
    /// <param name="largePart">One of so many changes is the largest that there is.</param>
    /// <param name="random">Chooses.</param>
    private static void Change(Volume volume, int thread, int largePart, Random random)
    {
        byte[] name = Encoding.ASCII.GetBytes($"file {thread}");
        byte[] newName = Encoding.ASCII.GetBytes($"another name of file {thread}");
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, name, ModeBits.AllPermissions, default, out InodeEntry file));
        var data = new byte[VolumeLimits.MaxXattrBytes];
        random.NextBytes(data);
        for (int step = 0; step < StepCount; step++)
        {
            ulong offset = (ulong)random.Next(2_000_000);
            Errno error = random.Next(largePart) == 0
                ? volume.SetXattr(file.Number, "user.large"u8, data)
                : random.Next(6) switch
                {
                    0 => volume.Write(file.Number, offset, data.AsSpan(0, random.Next(1, data.Length))).Error,
                    1 => volume.Allocate(file.Number, offset, (ulong)random.Next(1, 200_000), keepsSize: true),
                    2 => volume.SetSize(file.Number, offset),
                    3 => Swap(ref name, ref newName, volume.Rename(InodeNumber.Root, name, InodeNumber.Root, newName)),
                    4 => volume.Sync(),
                    _ => volume.Create(InodeNumber.Root, Encoding.ASCII.GetBytes($"{thread} {step}"), ModeBits.AllPermissions, default, out _),
                };
            Assert.True(error == Errno.None, $"step {step} of thread {thread} answers {error}");
        }
    }

    private static Errno Swap(ref byte[] name, ref byte[] newName, Errno error)
    {
        (name, newName) = (newName, name);
        return error;
    }
}
