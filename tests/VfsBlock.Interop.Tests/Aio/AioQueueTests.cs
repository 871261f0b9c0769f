using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The contract on Linux AIO, and what only it has: the kernel's own limits, O_DIRECT, and a finaliser.</summary>
public sealed class AioQueueTests : IoQueueTests
{
    [Fact]
    [Trait("Id", "AIO-02")]
    public void AIO02_Create_DepthZero_IsEinval()
    {
        Assert.Equal(Errno.EINVAL, AioQueue.TryCreate(0, out AioQueue? queue));
        Assert.Null(queue);
    }

    [Fact]
    [Trait("Id", "AIO-12")]
    public void AIO12_Submit_DepthOverTheKernelsRing_WaitsInTheQueueAndIsDone()
    {
        int depth = RoomOfASmallRing() + 200;
        AioQueue queue = MakeSmallRing(depth);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        IoRequest[] requests = [.. Enumerable.Range(0, depth).Select(i => IoRequest.Write(file, lease.All(), i * 16, (ulong)i))];

        Assert.Equal(depth, queue.Submit(requests));
        Assert.True(queue.BacklogCount > 0, "the kernel took more than its ring holds");
        Assert.Equal(requests.Select(r => r.Tag), ReapByTag(queue, depth).Select(c => c.Tag));

        Assert.Equal(0, queue.BacklogCount);
        Assert.Equal(depth * 16, new FileInfo(DataPath).Length);
    }

    [Fact]
    [Trait("Id", "AIO-12")]
    public void AIO12_Dispose_WithABacklog_DoesItFirst()
    {
        int depth = RoomOfASmallRing() + 200;
        AioQueue queue = MakeSmallRing(depth);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        queue.Submit([.. Enumerable.Range(0, depth).Select(i => IoRequest.Write(file, lease.All(), i * 16, (ulong)i))]);

        queue.Dispose();

        Assert.Equal(depth * 16, new FileInfo(DataPath).Length);
        Assert.False(lease.IsInFlight);
    }

    [Fact]
    [Trait("Id", "AIO-16")]
    public void AIO16_QueueForgottenInFlight_ItsFinaliserEndsTheRequestsThenFreesTheMemory()
    {
        WeakReference memory = SubmitAndForgetAll();

        Assert.True(SpinWait.SpinUntil(() => !CollectGarbageAndAsk(memory), HangLimit), "the memory was never freed");
        Assert.Equal(Enumerable.Repeat((byte)9, 64 * 4096), File.ReadAllBytes(DataPath));
    }

    [Fact]
    public void Create_ByOpenFlags_IsAioForDirectAndThreadsForTheRest()
    {
        using IoQueue direct = IoQueue.Create(OpenFlags.ReadWrite | OpenFlags.Direct, depth: 4);
        using IoQueue buffered = IoQueue.Create(OpenFlags.ReadWrite, depth: 4);

        Assert.IsType<AioQueue>(direct);
        Assert.IsType<ThreadQueue>(buffered);
    }

    private protected override IIoQueue Make(int depth)
    {
        Assert.Equal(Errno.None, AioQueue.TryCreate(depth, out AioQueue? queue));
        return queue!;
    }

    private static int RoomOfASmallRing()
    {
        Assert.Equal(Errno.None, AioContext.TryCreate(1, out AioContext? context));
        using (context)
        {
            return (int)context!.ReadRingHeader().EventCount;
        }
    }

    private AioQueue MakeSmallRing(int depth)
    {
        Assert.Equal(Errno.None, AioQueue.TryCreate(depth, out AioQueue? queue, ringDepth: 1));
        return Own(queue!);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference SubmitAndForgetAll()
    {
        var pool = new IoBufferPool(4096, 64);
        IIoQueue queue = Make(depth: 64);
        // Only with O_DIRECT are the requests in the kernel when this method returns.
        const OpenFlags Flags = OpenFlags.ReadWrite | OpenFlags.Create;
        HostFile file = HostFile.TryOpen(DataPath, Flags | OpenFlags.Direct, 0x180, out _) ?? HostFile.Open(DataPath, Flags, 0x180);
        for (int index = 0; index < 64; index++)
        {
            IoBufferLease lease = pool.Rent();
            lease.Span.Fill(9);
            Assert.True(queue.Submit(IoRequest.Write(file.Handle, lease.All(), index * 4096L, (ulong)index)));
        }

        return new WeakReference(pool.Memory, trackResurrection: true);
    }
}
