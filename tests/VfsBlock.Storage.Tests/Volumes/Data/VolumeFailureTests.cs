using System.Text;
using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>What a volume does when its device fails, and when many threads use it at once.</summary>
public sealed class VolumeFailureTests
{
    private static readonly VolumeFormat SmallFormat = new() { LogBytes = 1 << 20, SizeLimitBytes = 256 << 20 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sync_WhenADataWriteFails_WritesItElsewhere(int failedWrite)
    {
        using var disk = new SimDisk(0);
        Volume.Format(disk, SmallFormat);
        var faulty = new FaultyDevice(new LentDevice(disk));
        byte[] data = Pattern(400_000, 1);
        InodeNumber inode;
        using (Volume volume = Volume.Open(faulty))
        {
            inode = Create(volume, "file");
            Assert.Equal(Errno.None, volume.Sync());
            volume.Write(inode, 0, Pattern(400_000, 2));
            Assert.Equal(Errno.None, volume.Sync());
            faulty.Inject(new Fault(FaultKind.WriteError, failedWrite));
            Assert.Equal(IoResult.Ok(data.Length), volume.Write(inode, 0, data));
            Assert.Equal(Errno.None, volume.Sync());
            Assert.Equal(1, faulty.HappenedCount);
            AssertContent(volume, inode, data);

            // As after a crash: only what was synced counts.
            using Volume recovered = Volume.Open(new LentDevice(disk));
            AssertContent(recovered, inode, data);
        }
    }

    [Fact]
    public void Sync_WhileTheHostIsFull_AnswersEnospcAndLosesNothing()
    {
        using var disk = new SimDisk(0);
        Volume.Format(disk, SmallFormat);
        var faulty = new FaultyDevice(new LentDevice(disk));
        byte[] data = Pattern(1_000_000, 3);
        InodeNumber inode;
        using (Volume volume = Volume.Open(faulty))
        {
            inode = Create(volume, "file");
            Assert.Equal(Errno.None, volume.Sync());
            volume.Write(inode, 0, data);
            faulty.Inject(new Fault(FaultKind.WriteError) { Error = Errno.ENOSPC, IsForEver = true });
            Assert.Equal(Errno.ENOSPC, volume.Checkpoint());
            Assert.Equal(Errno.ENOSPC, volume.Checkpoint());
            AssertContent(volume, inode, data);
            faulty.Heal();
            Assert.Equal(Errno.None, volume.Sync());
            AssertContent(volume, inode, data);
        }

        using Volume reopened = Volume.Open(new LentDevice(disk));
        AssertContent(reopened, inode, data);
    }

    [Fact]
    public void Sync_AfterAFailedFlush_FailsForEverAndTheVolumeStaysReadable()
    {
        using var disk = new SimDisk(0);
        Volume.Format(disk, SmallFormat);
        var faulty = new FaultyDevice(new LentDevice(disk));
        byte[] data = Pattern(5000, 4);
        InodeNumber inode;
        using (Volume volume = Volume.Open(faulty))
        {
            inode = Create(volume, "file");
            volume.Write(inode, 0, data);
            Assert.Equal(Errno.None, volume.Sync());
            volume.Write(inode, 100, Pattern(10, 5));
            faulty.Inject(new Fault(FaultKind.FlushError));
            Assert.Equal(Errno.EIO, volume.Sync());
            Assert.Equal(Errno.EIO, volume.Sync());
            Assert.Equal(Errno.EIO, volume.Checkpoint());
            Assert.Equal(Errno.EROFS, volume.Create(InodeNumber.Root, "other"u8, 0x1A4, default, out _));
            Assert.Equal(Errno.EROFS, volume.Write(inode, 0, data).Error);
            Assert.Equal(Errno.None, volume.Lookup(InodeNumber.Root, "file"u8, out _));
        }

        using Volume reopened = Volume.Open(new LentDevice(disk));
        Assert.Equal(Errno.None, reopened.GetAttributes(inode, out InodeItem attributes));
        Assert.Equal(5000UL, attributes.SizeBytes);
    }

    [Fact]
    public void Read_OfABlockThatTheDeviceChanged_IsEio()
    {
        using var disk = new SimDisk(0);
        Volume.Format(disk, SmallFormat);
        var faulty = new FaultyDevice(new LentDevice(disk));
        using Volume volume = Volume.Open(faulty);
        InodeNumber inode = Create(volume, "file");
        byte[] data = Pattern(100_000, 6);
        volume.Write(inode, 0, data);
        Assert.Equal(Errno.None, volume.Sync());
        faulty.Inject(new Fault(FaultKind.ReadBitFlip) { IsForEver = true, BitIndex = 77 });
        Assert.Equal(Errno.EIO, volume.Read(inode, 0, new byte[100_000]).Error);
        faulty.Heal();
        AssertContent(volume, inode, data);
    }

    [Fact]
    public async Task Operations_OfManyThreads_AreAllThereAfterReopening()
    {
        const int ThreadCount = 6;
        using var directory = new TempDirectory();
        string path = Path.Combine(directory.Path, "image");
        Volume.Format(path, new VolumeFormat { LogBytes = 1 << 20 });
        using (Volume volume = Volume.Open(path, new VolumeOptions { WriteBufferBytes = 1 << 20 }))
        {
            await Task.WhenAll(Enumerable.Range(0, ThreadCount).Select(thread => Task.Factory.StartNew(
                () => Churn(volume, thread), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }

        using Volume reopened = Volume.Open(path);
        for (int thread = 0; thread < ThreadCount; thread++)
        {
            Assert.Equal(Errno.None, reopened.Lookup(InodeNumber.Root, Name(thread, 20), out InodeEntry entry));
            AssertContent(reopened, entry.Number, Pattern(50_000 + (thread * 7919), (thread * 100) + 20));
        }
    }

    private static void Churn(Volume volume, int thread)
    {
        for (int round = 1; round <= 20; round++)
        {
            Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, Name(thread, round), 0x1A4, default, out InodeEntry entry));
            byte[] data = Pattern(50_000 + (thread * 7919), (thread * 100) + round);
            for (int offset = 0; offset < data.Length; offset += 10_000)
            {
                int length = Math.Min(10_000, data.Length - offset);
                Assert.Equal(IoResult.Ok(length), volume.Write(entry.Number, (ulong)offset, data.AsSpan(offset, length)));
            }

            AssertContent(volume, entry.Number, data);
            Assert.Equal(Errno.None, round % 3 == 0 ? volume.Sync() : round % 7 == 0 ? volume.Checkpoint() : Errno.None);
            AssertContent(volume, entry.Number, data);
            if (round > 1)
            {
                Assert.Equal(Errno.None, volume.Unlink(InodeNumber.Root, Name(thread, round - 1)));
            }
        }
    }

    private static byte[] Name(int thread, int round) => Encoding.ASCII.GetBytes($"file-{thread}-{round}");

    private static InodeNumber Create(Volume volume, string name)
    {
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, Encoding.UTF8.GetBytes(name), 0x1A4, default, out InodeEntry entry));
        return entry.Number;
    }

    private static byte[] Pattern(int length, int seed)
    {
        byte[] data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }

    private static void AssertContent(Volume volume, InodeNumber inode, byte[] expected)
    {
        byte[] read = new byte[expected.Length + 5000];
        Assert.Equal(IoResult.Ok(expected.Length), volume.Read(inode, 0, read));
        Assert.True(expected.AsSpan().SequenceEqual(read.AsSpan(0, expected.Length)), "the file has other bytes than were written");
    }
}
