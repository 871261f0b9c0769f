using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Requests that are answered later, from other threads, in any order.</summary>
public sealed class FuseSessionDeferralTests
{
    private static readonly FuseSessionOptions _fourSlots = ServedSession.SmallOptions with { DeferredPerThread = 3 };

    [Fact]
    public void Complete_OnAnotherThread_SendsTheReply()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem);
        ulong unique = served.Kernel.Send(FuseOpcode.Read, Wire.Read(100));
        FuseRequest request = fileSystem.Take();
        Assert.Equal((unique, FuseOpcode.Read, 1000u, 100), (request.Unique, request.Opcode, request.UserId, request.ReplyCapacityBytes));
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Statfs).Error);
        DeferringFileSystem.CompleteRead(request, 9);
        Assert.Equal(Enumerable.Repeat((byte)9, 100), served.Kernel.ReceiveFor(unique).Body);
    }

    [Fact]
    public void Complete_OutOfOrder_AnswersEachWithItsOwn()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem, _fourSlots);
        ulong[] uniques = [.. Enumerable.Range(0, 3).Select(_ => served.Kernel.Send(FuseOpcode.Read, Wire.Read(10)))];
        FuseRequest[] requests = [fileSystem.Take(), fileSystem.Take(), fileSystem.Take()];
        foreach (int index in new[] { 2, 0, 1 })
        {
            DeferringFileSystem.CompleteRead(requests[index], (byte)index);
            KernelReply reply = served.Kernel.Receive();
            Assert.Equal(uniques[index], reply.Unique);
            Assert.Equal(Enumerable.Repeat((byte)index, 10), reply.Body);
        }
    }

    [Fact]
    public void TryDefer_BeyondTheSlots_IsRefusedAndWorksAgainOnceOneIsBack()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem, _fourSlots);
        for (int i = 0; i < 3; i++)
        {
            served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
        }

        FuseRequest[] requests = [fileSystem.Take(), fileSystem.Take(), fileSystem.Take()];
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Read, Wire.Read(10, 4)).Error);
        Assert.Equal(1, fileSystem.SynchronousCount);

        DeferringFileSystem.CompleteRead(requests[1], 1);
        served.Kernel.Receive();
        served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
        DeferringFileSystem.CompleteRead(fileSystem.Take(), 2);
        served.Kernel.Receive();
        Assert.Equal(1, fileSystem.SynchronousCount);
        DeferringFileSystem.CompleteRead(requests[0], 1);
        DeferringFileSystem.CompleteRead(requests[2], 1);
    }

    [Fact]
    public void TryDefer_NoneAllowed_IsAlwaysRefused()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem, ServedSession.SmallOptions with { DeferredPerThread = 0 });
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Read, Wire.Read(10)).Error);
        Assert.Equal(1, fileSystem.SynchronousCount);
    }

    [Fact]
    public void Complete_BeforeTheOperationReturns_AnswersOnce()
    {
        var fileSystem = new DeferringFileSystem { AfterDefer = request => DeferringFileSystem.CompleteRead(request, 3) };
        using var served = new ServedSession(fileSystem, _fourSlots);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(Enumerable.Repeat((byte)3, 10), served.Kernel.Call(FuseOpcode.Read, Wire.Read(10)).Body);
        }

        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.Null(served.Kernel.TryReceive(0));
        Assert.Equal(0, fileSystem.SynchronousCount);
    }

    [Fact]
    public void Complete_Twice_Throws()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem);
        served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
        FuseRequest request = fileSystem.Take();
        request.Complete(Errno.ENXIO);
        Assert.Throws<InvalidOperationException>(() => request.Complete(Errno.None));
        Assert.Equal(Errno.ENXIO, served.Kernel.Receive().Error);
        Assert.Null(served.Kernel.TryReceive(0));
    }

    [Fact]
    public void Complete_NotDeferred_Throws()
    {
        var fileSystem = new CompletingFileSystem();
        using var served = new ServedSession(fileSystem);
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Access, Wire.Bytes(new FuseAccessIn())).Error);
        Assert.IsType<InvalidOperationException>(fileSystem.Thrown);
        Assert.Throws<InvalidOperationException>(() => new FuseRequest().Complete(Errno.None));
        Assert.False(new FuseRequest().TryDefer());
    }

    [Fact]
    public void TryDefer_TwiceOrElsewhere_Throws()
    {
        var fileSystem = new DeferringFileSystem();
        Exception? second = null;
        fileSystem.AfterDefer = request => second = Record.Exception(() => request.TryDefer());
        using var served = new ServedSession(fileSystem);
        served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
        FuseRequest request = fileSystem.Take();
        Assert.Throws<InvalidOperationException>(() => request.TryDefer());
        DeferringFileSystem.CompleteRead(request, 0);
        served.Kernel.Receive();

        // The thread answers this only after the operation returned.
        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.IsType<InvalidOperationException>(second);
    }

    [Fact]
    public void Complete_Errors_ArePassedThroughTheSameChecks()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem);
        foreach ((Errno given, Errno seen) in new[] { (Errno.ENOSYS, Errno.EIO), ((Errno)1000, Errno.EIO), (Errno.ENOSPC, Errno.ENOSPC) })
        {
            ulong unique = served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
            fileSystem.Take().Complete(given);
            Assert.Equal(seen, served.Kernel.ReceiveFor(unique).Error);
        }
    }

    [Fact]
    public void Deferred_Accessors_ReachArgumentsDataAndReply()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem);
        ulong unique = served.Kernel.Send(FuseOpcode.Write, [.. Wire.Bytes(new FuseWriteIn { Offset = 6, Size = 3 }), 1, 2, 3]);
        FuseRequest request = fileSystem.Take();
        Assert.Equal((6ul, 3), (request.Arguments<FuseWriteIn>().Offset, request.DataLengthBytes));
        unsafe
        {
            Assert.Equal([1, 2, 3], new ReadOnlySpan<byte>((void*)request.DataAddress, 3).ToArray());
        }

        request.Reply<FuseWriteOut>().Size = 3;
        Assert.Throws<InvalidOperationException>(() => request.Reply<FuseAttrOut>());
        Assert.Throws<InvalidOperationException>(() => request.Arguments<FuseStatx>());
        request.Complete(Errno.None);
        Assert.Equal(3u, served.Kernel.ReceiveFor(unique).As<FuseWriteOut>().Size);
    }

    [Fact]
    public void Operation_ThrowsAfterItDeferred_IsAnsweredOnceAndItsSlotRetired()
    {
        var fileSystem = new DeferringFileSystem { AfterDefer = _ => throw new InvalidDataException("on purpose") };
        using var served = new ServedSession(fileSystem, ServedSession.SmallOptions with { DeferredPerThread = 1 });
        Assert.Equal(Errno.EIO, served.Kernel.Call(FuseOpcode.Read, Wire.Read(10)).Error);
        FuseRequest request = fileSystem.Take();
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Read, Wire.Read(10)).Error);
        Assert.Equal(1, fileSystem.SynchronousCount);
        Assert.Throws<InvalidOperationException>(() => request.Complete(Errno.None));
        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.Null(served.Kernel.TryReceive(0));
    }

    [Fact]
    public void Complete_FromManyThreads_AnswersEveryRequestOnce()
    {
        const int RequestCount = 2000;
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem, ServedSession.SmallOptions with { ThreadCount = 2, DeferredPerThread = 4 });
        Thread[] completers = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            foreach (FuseRequest request in fileSystem.Deferred.GetConsumingEnumerable())
            {
                DeferringFileSystem.CompleteRead(request, (byte)request.Arguments<FuseReadIn>().Offset);
            }
        }))];
        Array.ForEach(completers, thread => thread.Start());
        var sent = new Dictionary<ulong, byte>();
        for (int i = 0; i < RequestCount; i++)
        {
            sent.Add(served.Kernel.Send(FuseOpcode.Read, Wire.Read(16, (ulong)i)), (byte)i);
            if (sent.Count >= 20)
            {
                ReceiveOne(served.Kernel, sent);
            }
        }

        while (sent.Count > 0)
        {
            ReceiveOne(served.Kernel, sent);
        }

        fileSystem.Deferred.CompleteAdding();
        Array.ForEach(completers, thread => thread.Join());
    }

    private static void ReceiveOne(SocketKernel kernel, Dictionary<ulong, byte> sent)
    {
        KernelReply reply = kernel.Receive();
        Assert.True(sent.Remove(reply.Unique, out byte value), $"an unexpected reply to {reply.Unique}");
        Assert.Equal(Enumerable.Repeat(value, 16), reply.Body);
    }

    private sealed class CompletingFileSystem : ProbeFileSystem
    {
        public Exception? Thrown { get; private set; }

        public override Errno Access(FuseRequest request, NodeId node, in FuseAccessIn args)
        {
            Thrown = Record.Exception(() => request.Complete(Errno.EIO));
            return Errno.None;
        }
    }
}
