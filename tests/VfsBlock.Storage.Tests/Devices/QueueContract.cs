using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>What <see cref="IDeviceQueue"/> promises, check by check, for any device of <see cref="DeviceContract.SizeBytes"/> zeros.</summary>
internal static class QueueContract
{
    private const int Page = 4096;

    private static readonly Dictionary<string, Action<IBlockDevice>> _checks = new()
    {
        ["write is there after its completion"] = WriteIsThereAfterCompletion,
        ["pieces lie one behind the other"] = PiecesLieOneBehindTheOther,
        ["full queue says no"] = FullQueueSaysNo,
        ["buffer belongs to the request"] = BufferBelongsToRequest,
        ["bad range throws and takes nothing"] = BadRangeThrows,
        ["dispose finishes what is in flight"] = DisposeFinishes,
        ["reap waits for a later write"] = ReapWaits,
    };

    public static TheoryData<string> Checks => [.. _checks.Keys];

    public static void Run(string check, DeviceUnderTest made)
    {
        using (made)
        {
            _checks[check](made.Device);
        }
    }

    private static void WriteIsThereAfterCompletion(IBlockDevice device)
    {
        using ReservedRegion? view = device.TryMap(1 << 30);
        using var pool = new IoBufferPool(2 * Page, 8);
        using IDeviceQueue queue = device.CreateQueue(8);
        IoBufferLease[] leases = [.. Enumerable.Range(0, 8).Select(_ => pool.Rent())];
        var random = new Random(1);
        for (int round = 0; round < 10; round++)
        {
            byte[] seen = device.ReadAll(0, 16 * Page);
            view?.CopyTo(0, seen);
            for (int index = 0; index < leases.Length; index++)
            {
                random.NextBytes(leases[index].Span);
                Assert.True(queue.TryWrite(leases[index].All(), index * 2 * Page, (ulong)index));
            }

            var completions = new IoCompletion[8];
            Assert.Equal(8, queue.Reap(completions, 8));
            Assert.Equal(Enumerable.Range(0, 8).Select(index => (ulong)index), completions.Select(completion => completion.Tag).Order());
            Assert.All(completions, completion => Assert.Equal(IoResult.Ok(2 * Page), completion.Result));
            byte[] expected = [.. leases.SelectMany(lease => lease.ReadOnlySpan.ToArray())];
            Assert.Equal(expected, device.ReadAll(0, 16 * Page));
            if (view is not null)
            {
                Assert.Equal(IoResult.Ok(seen.Length), view.CopyTo(0, seen));
                Assert.Equal(expected, seen);
            }
        }

        Assert.Equal(0, queue.InFlightCount);
    }

    private static void PiecesLieOneBehindTheOther(IBlockDevice device)
    {
        using var pool = new IoBufferPool(4 * Page, 2);
        using IDeviceQueue queue = device.CreateQueue(1);
        IoBufferLease first = pool.Rent();
        IoBufferLease second = pool.Rent();
        new Random(2).NextBytes(first.Span);
        new Random(3).NextBytes(second.Span);
        Assert.True(queue.BufferLimit >= 3);
        Assert.True(queue.TryWrite(new[] { second.Slice(Page, 2 * Page), first.Slice(0, Page), second.Slice(0, Page) }, 7 * Page, 9));
        queue.ReapAll(1);
        Assert.Equal(
            [.. second.Span.Slice(Page, 2 * Page), .. first.Span[..Page], .. second.Span[..Page]],
            device.ReadAll(7 * Page, 4 * Page));
    }

    private static void FullQueueSaysNo(IBlockDevice device)
    {
        using var pool = new IoBufferPool(Page, 1);
        using IDeviceQueue queue = device.CreateQueue(2);
        IoBufferLease lease = pool.Rent();
        Assert.Equal(2, queue.Depth);
        Assert.True(queue.TryWrite(lease.All(), 0, 0));
        Assert.True(queue.TryWrite(lease.All(), Page, 1));
        Assert.False(queue.TryWrite(lease.All(), 2 * Page, 2));
        Assert.Equal(2, queue.InFlightCount);
        queue.ReapAll(2);
        Assert.True(queue.TryWrite(lease.All(), 2 * Page, 2));
        queue.ReapAll(1);
    }

    private static void BufferBelongsToRequest(IBlockDevice device)
    {
        using var pool = new IoBufferPool(Page, 1);
        using IDeviceQueue queue = device.CreateQueue(2);
        IoBufferLease lease = pool.Rent();
        Assert.True(queue.TryWrite(lease.All(), 0, 0));
        Assert.True(lease.IsInFlight);
        Assert.Throws<InvalidOperationException>(() => lease.Dispose());
        Assert.Throws<InvalidOperationException>(() => lease.Span.Clear());
        queue.ReapAll(1);
        Assert.False(lease.IsInFlight);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => queue.TryWrite(lease.Slice(0, 0), 0, 0));
    }

    private static void BadRangeThrows(IBlockDevice device)
    {
        using var pool = new IoBufferPool(2 * Page, 1);
        using IDeviceQueue queue = device.CreateQueue(2);
        IoBufferLease lease = pool.Rent();
        Assert.Throws<ArgumentException>(() => queue.TryWrite(lease.All(), DeviceContract.SizeBytes - Page, 0));
        Assert.Throws<ArgumentException>(() => queue.TryWrite(lease.All(), -Page, 0));
        Assert.Throws<ArgumentException>(() => queue.TryWrite(lease.Slice(1, Page), 0, 0));
        Assert.Throws<ArgumentException>(() => queue.TryWrite(lease.All(), 1, 0));
        Assert.False(lease.IsInFlight);
        Assert.Equal(0, queue.InFlightCount);
        Assert.Equal(DeviceContract.SizeBytes, device.SizeBytes);
    }

    private static void DisposeFinishes(IBlockDevice device)
    {
        using var pool = new IoBufferPool(Page, 4);
        byte[] expected;
        using (IDeviceQueue queue = device.CreateQueue(4))
        {
            IoBufferLease lease = pool.Rent();
            new Random(5).NextBytes(lease.Span);
            expected = lease.Span.ToArray();
            Assert.True(queue.TryWrite(lease.All(), 0, 0));
            Assert.True(queue.TryWrite(lease.All(), Page, 1));
        }

        Assert.Equal([.. expected, .. expected], device.ReadAll(0, 2 * Page));
    }

    private static void ReapWaits(IBlockDevice device)
    {
        using var pool = new IoBufferPool(Page, 1);
        using IDeviceQueue queue = device.CreateQueue(2);
        IoBufferLease lease = pool.Rent();
        var reaped = new IoCompletion[1];
        var reaper = new Thread(() => queue.Reap(reaped, 1));
        reaper.Start();
        Assert.True(queue.TryWrite(lease.All(), 0, 77));
        Assert.True(reaper.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal(77UL, reaped[0].Tag);
    }
}
