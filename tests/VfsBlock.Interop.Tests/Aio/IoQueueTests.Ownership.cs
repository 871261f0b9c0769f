using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <content>Who owns buffers and files while a request is in flight, and the end of a queue.</content>
public abstract partial class IoQueueTests
{
    [Fact]
    [Trait("Id", "AIO-05")]
    public void AIO05_Dispose_HundredPending_EveryWriteIsThereAndBuffersAreFree()
    {
        IIoQueue queue = Queue(depth: 100);
        SafeFileHandle file = OpenData();
        IoBufferPool pool = Pool(4096, 100);
        IoBufferLease[] leases = [.. Enumerable.Range(0, 100).Select(_ => pool.Rent())];
        for (int index = 0; index < leases.Length; index++)
        {
            leases[index].Span.Fill((byte)(index + 1));
            Assert.True(queue.Submit(IoRequest.Write(file, leases[index].All(), index * 4096L, (ulong)index)));
        }

        Assert.Equal(100, queue.InFlightCount);
        queue.Dispose();
        queue.Dispose();

        byte[] content = File.ReadAllBytes(DataPath);
        Assert.Equal(100 * 4096, content.Length);
        Assert.All(leases.Index(), item => Assert.Equal(item.Index + 1, content[item.Index * 4096]));
        Assert.All(leases, lease => lease.Dispose());
        Assert.Equal(100, pool.FreeCount);
    }

    [Fact]
    public void Dispose_ThenUse_IsRefusedAndTheReaperIsToldSo()
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        ReapResult? result = null;
        var reaper = new Thread(() => result = queue.Reap(new IoCompletion[1], 1, HangLimit));
        reaper.Start();
        Assert.True(SpinWait.SpinUntil(() => ((IoQueue)queue).IsReaping, HangLimit));

        queue.Dispose();
        reaper.Join();

        Assert.Equal(new ReapResult(0, ReapEnd.Closed), result);
        Assert.Throws<ObjectDisposedException>(() => queue.Submit(IoRequest.Write(file, lease.All(), 0, tag: 0)));
        Assert.Throws<ObjectDisposedException>(() => queue.Reap(new IoCompletion[1], 1, TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => queue.NotificationDescriptor);
        Assert.False(queue.WaitForRoom(HangLimit));
        Assert.False(lease.IsInFlight);
    }

    [Fact]
    public void Dispose_WhileOthersSubmitWaitAndReap_EndsThemAllAndHoldsNothing()
    {
        const int SubmitterCount = 3;
        SafeFileHandle file = OpenData();
        for (int round = 0; round < 20; round++)
        {
            using var pool = new IoBufferPool(512, SubmitterCount);
            IIoQueue queue = Queue(depth: 2);
            IoBufferLease[] leases = [.. Enumerable.Range(0, SubmitterCount).Select(_ => pool.Rent())];
            int reapedCount = 0;
            Thread[] threads =
            [
                .. leases.Select(lease => new Thread(() => UseUntilClosed(() =>
                {
                    queue.WaitForRoom(HangLimit);
                    queue.Submit(IoRequest.Write(file, lease.All(), 0, tag: 0));
                }))),
                new Thread(() => UseUntilClosed(() =>
                    Interlocked.Add(ref reapedCount, queue.Reap(new IoCompletion[2], 1, HangLimit).Count))),
            ];
            Array.ForEach(threads, thread => thread.Start());
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref reapedCount) >= round, HangLimit));

            queue.Dispose();

            Assert.All(threads, thread => Assert.True(thread.Join(HangLimit)));
            Assert.Equal(0, queue.InFlightCount);
            Assert.All(leases, lease => lease.Dispose());
        }
    }

    [Fact]
    [Trait("Id", "AIO-15")]
    public void AIO15_BufferInFlight_WriteOfIt_CanBeReadButNotChangedReturnedOrFreed()
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferPool pool = Pool(16, 1);
        IoBufferLease lease = pool.Rent();
        lease.Span.Fill(5);

        queue.Submit(IoRequest.Write(file, lease.All(), 0, tag: 0));
        queue.Submit(IoRequest.Write(file, lease.All(), 16, tag: 1));

        Assert.True(lease.IsInFlight);
        Assert.Equal(5, lease.ReadOnlySpan[15]);
        AssertRefusedWhileInFlight(queue, pool, lease, IoRequest.Read(file, lease.All(), 0, tag: 2));
        ReapOne(queue);
        AssertRefusedWhileInFlight(queue, pool, lease, IoRequest.Read(file, lease.All(), 0, tag: 2));
        ReapOne(queue);
        Assert.Equal(5, lease.Span[0]);
        lease.Dispose();
        pool.Dispose();
    }

    [Fact]
    [Trait("Id", "AIO-15")]
    public void AIO15_BufferInFlight_ReadIntoIt_CannotEvenBeRead()
    {
        File.WriteAllBytes(DataPath, new byte[16]);
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferPool pool = Pool(16, 1);
        IoBufferLease lease = pool.Rent();

        queue.Submit(IoRequest.Read(file, lease.All(), 0, tag: 0));

        Assert.Throws<InvalidOperationException>(() => lease.ReadOnlySpan.Length);
        AssertRefusedWhileInFlight(queue, pool, lease, IoRequest.Write(file, lease.All(), 0, tag: 1));
        ReapOne(queue);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.ReadOnlySpan.Length);
        Assert.Throws<ObjectDisposedException>(() => queue.Submit(IoRequest.Read(file, lease.All(), 0, tag: 0)));
    }

    [Fact]
    [Trait("Id", "AIO-15")]
    public void AIO15_FileDisposedInFlight_StaysOpenUntilReaped()
    {
        IIoQueue queue = Queue(depth: 4);
        IoBufferLease lease = Pool(16, 1).Rent();
        SafeFileHandle file = File.OpenHandle(DataPath, FileMode.Create, FileAccess.ReadWrite);
        string link = $"/proc/self/fd/{file.DangerousGetHandle()}";
        string? target = File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        Assert.EndsWith("data", target, StringComparison.Ordinal);

        queue.Submit(IoRequest.Write(file, lease.All(), 0, tag: 0));
        file.Dispose();

        Assert.Equal(target, File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName);
        Assert.Equal(IoResult.Ok(16), ReapOne(queue).Result);
        Assert.NotEqual(target, File.Exists(link) ? File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName : null);
    }

    [Fact]
    [Trait("Id", "AIO-16")]
    public void AIO16_PoolForgottenInFlight_MemoryStaysUntilReaped()
    {
        IIoQueue queue = Queue(depth: 4);
        using Busy busy = SubmitAndForget(queue, out WeakReference memory);

        CollectGarbage();
        Assert.True(memory.IsAlive);
        Assert.Equal(1, queue.InFlightCount);
        busy.Feed("0123456789abcdef"u8);

        Assert.Equal(IoResult.Ok(16), ReapOne(queue).Result);
        Assert.True(SpinWait.SpinUntil(() => !CollectGarbageAndAsk(memory), HangLimit), "the memory was never freed");
    }

    private static void UseUntilClosed(Action use)
    {
        while (true)
        {
            try
            {
                use();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static void AssertRefusedWhileInFlight(IIoQueue queue, IoBufferPool pool, IoBufferLease lease, IoRequest request)
    {
        Assert.Throws<InvalidOperationException>(() => lease.Span.Length);
        Assert.Throws<InvalidOperationException>(lease.Dispose);
        Assert.Throws<InvalidOperationException>(pool.Dispose);
        Assert.Throws<InvalidOperationException>(() => queue.Submit(request));
    }

    // A method of its own, so that no local of the caller keeps the pool alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Busy SubmitAndForget(IIoQueue queue, out WeakReference memory)
    {
        var pool = new IoBufferPool(16, 1);
        memory = new WeakReference(pool.Memory, trackResurrection: true);
        return new Busy(queue, pool.Rent(), tag: 0);
    }

    private protected static bool CollectGarbageAndAsk(WeakReference reference)
    {
        CollectGarbage();
        return reference.IsAlive;
    }

    private protected static void CollectGarbage()
    {
        for (int round = 0; round < 4; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
