using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>What the simulated disk records and refuses, beyond the contract that it shares with every device.</summary>
public sealed class SimDiskTests
{
    private const int Page = 4096;

    [Fact]
    public void Queue_WriteNotReaped_IsIssuedAndCannotBeRead()
    {
        using var disk = new SimDisk(2 * Page);
        using var pool = new IoBufferPool(Page, 1);
        using IDeviceQueue queue = disk.CreateQueue(2);
        IoBufferLease lease = pool.Rent();
        lease.Span.Fill(7);
        Assert.True(queue.TryWrite(lease.All(), Page, 1));
        Assert.Equal(new byte[Page], disk.ReadAll(Page, Page));
        SimEvent write = Assert.Single(disk.Events);
        Assert.Equal((SimEventKind.Write, (long)Page, (long)Page, int.MaxValue), (write.Kind, write.OffsetBytes, write.LengthBytes, write.CompletedAt));
        queue.ReapAll(1);
        Assert.Equal(1, write.CompletedAt);
        Assert.Equal(lease.Span.ToArray(), disk.ReadAll(Page, Page));
    }

    [Fact]
    public void Queue_OverlapInFlight_Throws()
    {
        using var disk = new SimDisk(4 * Page);
        using var pool = new IoBufferPool(2 * Page, 2);
        using IDeviceQueue queue = disk.CreateQueue(2);
        IoBufferLease lease = pool.Rent();
        IoBufferLease other = pool.Rent();
        Assert.True(queue.TryWrite(lease.All(), 0, 0));
        Assert.Throws<InvalidOperationException>(() => queue.TryWrite(other.All(), Page, 1));
        Assert.Throws<InvalidOperationException>(() => disk.WriteRandom(Page, Page, seed: 1));
        Assert.Throws<InvalidOperationException>(() => disk.Discard(0, Page));
        Assert.False(other.IsInFlight);
        Assert.True(queue.TryWrite(other.All(), 2 * Page, 1));
        queue.ReapAll(2);
    }

    [Fact]
    public void Queue_CompletionSeed_ChangesTheOrder()
    {
        using var disk = new SimDisk(16 * Page, new SimDiskOptions { CompletionSeed = 3 });
        using var pool = new IoBufferPool(Page, 1);
        using IDeviceQueue queue = disk.CreateQueue(16);
        IoBufferLease lease = pool.Rent();
        for (int index = 0; index < 16; index++)
        {
            Assert.True(queue.TryWrite(lease.All(), index * Page, (ulong)index));
        }

        var completions = new IoCompletion[16];
        Assert.Equal(16, queue.Reap(completions, 16));
        Assert.NotEqual(completions.Select(completion => completion.Tag).Order(), completions.Select(completion => completion.Tag));
        Assert.Equal(disk.Events.Take(16).OrderBy(entry => entry.CompletedAt).Select(entry => (ulong)(entry.OffsetBytes / Page)), completions.Select(completion => completion.Tag));
    }

    [Fact]
    public void Settle_AfterWrites_ForgetsTheRecordAndKeepsTheBytes()
    {
        using var disk = new SimDisk(Page);
        byte[] data = disk.WriteRandom(0, Page, seed: 1);
        disk.Settle();
        Assert.Equal(0, disk.Position);
        CrashImage only = Assert.Single(new CrashImages(disk));
        Assert.Equal(data, only.Open().ReadAll(0, Page));
    }

    [Fact]
    public void Resize_BeyondTheLimit_IsNoSpace()
    {
        using var disk = new SimDisk(Page, new SimDiskOptions { SizeLimitBytes = 2 * Page });
        Assert.Equal(Errno.None, disk.Resize(2 * Page));
        Assert.Equal(Errno.ENOSPC, disk.Resize(3 * Page));
        Assert.Equal(2 * Page, disk.SizeBytes);
    }
}
