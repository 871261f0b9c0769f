using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>What other threads do while a commit waits for the device.</summary>
public sealed class VolumeCommitRaceTests
{
    /// <summary>A change stops half way while a checkpoint writes data: the root must not have its half.</summary>
    [Fact]
    public void Checkpoint_AChangeStopsHalfWayWhileDataIsWritten_DoesNotCommitItsHalf()
    {
        using var ground = new MemoryDevice(0);
        Volume.Format(ground, new VolumeFormat { SizeLimitBytes = 256 << 20 });
        var device = new HookedDevice(ground);
        Volume volume = Volume.Open(device, new VolumeOptions());
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, "a"u8, 0x1A4, default, out InodeEntry entry));
        Assert.Equal(IoResult.Ok(4096), volume.Write(entry.Number, 0, new byte[4096]));
        Errno stopped = Errno.None;
        device.Reaping = () =>
        {
            device.Reaping = null;
            var thread = new Thread(() =>
            {
                var change = new StoppedChange();
                stopped = volume.Core.Change(ref change);
            });
            thread.Start();
            thread.Join();
        };
        Errno committed = volume.Checkpoint();
        Assert.Equal(Errno.EIO, stopped);
        volume.Image.Dispose();

        using Volume again = Volume.Open(new HookedDevice(ground), new VolumeOptions());
        Assert.Equal(Errno.None, again.GetAttributes(InodeNumber.Root, out InodeItem root));
        Assert.Equal(0U, root.UserId);
        Assert.Equal(Errno.EIO, committed);
    }

    /// <summary>Somebody writes bulk data while a sync waits for its own: nothing failed, so no new root is needed.</summary>
    [Fact]
    public void Sync_ALargeWriteGoesOnBesideIt_NeedsNoRoot()
    {
        using var ground = new MemoryDevice(0);
        Volume.Format(ground, new VolumeFormat { SizeLimitBytes = 256 << 20 });
        var device = new HookedDevice(ground);
        using Volume volume = Volume.Open(device, new VolumeOptions());
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, "a"u8, 0x1A4, default, out InodeEntry small));
        Assert.Equal(Errno.None, volume.Create(InodeNumber.Root, "b"u8, 0x1A4, default, out InodeEntry large));
        Assert.Equal(Errno.None, volume.Checkpoint());
        Assert.Equal(IoResult.Ok(4096), volume.Write(small.Number, 0, new byte[4096]));
        var writer = new Thread(() => volume.Write(large.Number, 0, new byte[WriteChunk.LengthBytes]));
        device.Reaping = () =>
        {
            device.Reaping = null;
            int before = volume.Image.Data.Buffer.PlacedCount;
            writer.Start();
            Assert.True(SpinWait.SpinUntil(() => volume.Image.Data.Buffer.PlacedCount > before, 10_000));
        };
        ulong generation = volume.Image.File.Generation;
        Assert.Equal(Errno.None, volume.Sync());
        writer.Join();
        Assert.Null(device.Reaping);
        Assert.Equal(generation, volume.Image.File.Generation);
    }
}
