using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>INTERRUPT: brought to the request it is about, answered never.</summary>
public sealed class FuseSessionInterruptTests
{
    private static readonly byte[] _getAttr = Wire.Bytes(new FuseGetAttrIn());

    [Fact]
    public void Interrupt_OfADeferredRequest_MarksItAndTellsTheFileSystem()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem);
        ulong unique = served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
        FuseRequest request = fileSystem.Take();
        Assert.False(request.IsInterrupted);
        Interrupt(served.Kernel, unique);
        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.True(request.IsInterrupted);
        Assert.Equal([$"interrupted {unique}"], fileSystem.Calls);
        request.Complete(Errno.EINTR);
        Assert.Equal(Errno.EINTR, served.Kernel.ReceiveFor(unique).Error);
        Assert.Null(served.Kernel.TryReceive(0));
    }

    [Fact]
    public void Interrupt_OfARunningRequest_ReachesItThroughAnotherThread()
    {
        using var fileSystem = new HangingFileSystem();
        using var served = new ServedSession(fileSystem, ServedSession.SmallOptions with { ThreadCount = 2 });
        ulong unique = served.Kernel.Send(FuseOpcode.GetAttr, _getAttr, HangingFileSystem.HangingNode);
        ServedSession.WaitUntil(() => fileSystem.Hangs.IsSet);
        Interrupt(served.Kernel, unique);
        Assert.Equal(Errno.EINTR, served.Kernel.ReceiveFor(unique).Error);
        Assert.False(fileSystem.StartedInterrupted);
    }

    [Fact]
    public void Interrupt_AnsweredFromInsideTheCallback_IsAnsweredOnce()
    {
        var fileSystem = new CancellingFileSystem();
        using var served = new ServedSession(fileSystem);
        for (int i = 0; i < 50; i++)
        {
            ulong unique = served.Kernel.Send(FuseOpcode.Flush, Wire.Bytes(new FuseFlushIn()));
            Interrupt(served.Kernel, unique);
            Assert.Equal(Errno.EINTR, served.Kernel.ReceiveFor(unique).Error);
        }

        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.Null(served.Kernel.TryReceive(0));
    }

    [Fact]
    public void Interrupt_BeforeItsRequest_IsThereWhenTheRequestBegins()
    {
        using var fileSystem = new HangingFileSystem();
        using var served = new ServedSession(fileSystem);
        const ulong Unique = 1_000_000;
        Interrupt(served.Kernel, Unique);
        served.Kernel.Call(FuseOpcode.Statfs);
        served.Kernel.Send(FuseOpcode.GetAttr, _getAttr, HangingFileSystem.HangingNode, Unique);
        Assert.Equal(Errno.EINTR, served.Kernel.ReceiveFor(Unique).Error);
        Assert.True(fileSystem.StartedInterrupted);
    }

    [Fact]
    public void Interrupt_OfUnknownAndAnsweredRequests_IsAnsweredByNothing()
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        for (ulong i = 0; i < 200; i++)
        {
            Interrupt(served.Kernel, served.Kernel.Call(FuseOpcode.Statfs).Unique);
            Interrupt(served.Kernel, 5_000_000 + (2 * i));
        }

        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.GetAttr, _getAttr).Error);
        Assert.Null(served.Kernel.TryReceive(0));
        Assert.DoesNotContain(fileSystem.Calls, call => call.StartsWith("interrupted", StringComparison.Ordinal));
    }

    private static void Interrupt(SocketKernel kernel, ulong unique) =>
        kernel.Send(FuseOpcode.Interrupt, Wire.Bytes(new FuseInterruptIn { Unique = unique }), node: 0, unique: unique | 1);

    /// <summary>FLUSH waits for ever; a signal ends it.</summary>
    private sealed class CancellingFileSystem : ProbeFileSystem
    {
        public override Errno Flush(FuseRequest request, NodeId node, in FuseFlushIn args)
        {
            Assert.True(request.TryDefer());
            return Errno.None;
        }

        public override void Interrupted(FuseRequest request) => request.Complete(Errno.EINTR);
    }
}
