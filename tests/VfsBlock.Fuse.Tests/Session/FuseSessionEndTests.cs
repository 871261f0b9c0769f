using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>How sessions end, and that they always do.</summary>
public sealed class FuseSessionEndTests
{
    private static readonly byte[] _getAttr = Wire.Bytes(new FuseGetAttrIn());
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Unmount_NothingUnderWay_StopsTheFileSystemOnce()
    {
        var fileSystem = new ProbeFileSystem();
        var served = new ServedSession(fileSystem, ServedSession.SmallOptions with { ThreadCount = 3 });
        served.Unmount();
        served.Dispose();
        served.Dispose();
        Assert.Equal((1, 1), (fileSystem.StartedCount, fileSystem.StoppedCount));
        Assert.Equal(0, served.Kernel.AbortCount);
        Assert.Null(served.Session.Failure);
        Assert.Equal(Errno.ENOTCONN, served.Session.Notifier.InvalidateAttributes(NodeId.Root));
    }

    [Fact]
    public void Unmount_DeferredRequests_AreWaitedFor()
    {
        var fileSystem = new DeferringFileSystem();
        using var served = new ServedSession(fileSystem);
        served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
        FuseRequest request = fileSystem.Take();
        served.Kernel.Unmount();
        Assert.False(served.Session.WaitForUnmount(TimeSpan.FromMilliseconds(100)));
        Assert.Equal(0, fileSystem.StoppedCount);
        DeferringFileSystem.CompleteRead(request, 1);
        Assert.True(served.Session.WaitForUnmount(_patience));
        Assert.Equal(1, fileSystem.StoppedCount);
    }

    [Fact]
    public void Dispose_DeferredRequestNeverAnswered_SaysSoAndReturns()
    {
        var fileSystem = new DeferringFileSystem();
        var served = new ServedSession(fileSystem, ServedSession.SmallOptions with { StopTimeout = TimeSpan.FromMilliseconds(200) });
        ulong unique = served.Kernel.Send(FuseOpcode.Read, Wire.Read(10));
        FuseRequest request = fileSystem.Take();
        served.Dispose();
        Assert.Contains(served.Logger.Texts, text => text.Contains($"Read of node 1 (request {unique})", StringComparison.Ordinal));
        DeferringFileSystem.CompleteRead(request, 1);
    }

    [Fact]
    public void Dispose_HandlerHangs_SaysSoAndReturns()
    {
        using var fileSystem = new HangingFileSystem();
        var served = new ServedSession(fileSystem, ServedSession.SmallOptions with { StopTimeout = TimeSpan.FromMilliseconds(200) });
        served.Kernel.Send(FuseOpcode.GetAttr, _getAttr, HangingFileSystem.HangingNode);
        ServedSession.WaitUntil(() => fileSystem.Hangs.IsSet);
        served.Dispose();
        Assert.Contains(served.Logger.Texts, text => text.Contains("GetAttr of node 13", StringComparison.Ordinal));
        fileSystem.Release();
        Assert.True(served.Session.WaitForUnmount(_patience));
    }

    [Fact]
    public void Dispose_FromInsideAnOperation_Throws()
    {
        var fileSystem = new SelfDisposingFileSystem();
        using var served = new ServedSession(fileSystem);
        fileSystem.Session = served.Session;
        Assert.Equal(Errno.EIO, served.Kernel.Call(FuseOpcode.Access, Wire.Bytes(new FuseAccessIn())).Error);
        Assert.Contains(served.Logger.Entries, entry => entry.Exception is InvalidOperationException);
    }

    [Fact]
    public void Thread_CannotReadRequests_EndsTheWholeSession()
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem, ServedSession.SmallOptions with { ThreadCount = 3 });
        served.Kernel.ReceiveFault = () => Errno.EPERM;
        served.Kernel.Send(FuseOpcode.Statfs);
        Assert.True(served.Session.WaitForUnmount(_patience));
        Assert.Contains("EPERM", served.Session.Failure, StringComparison.Ordinal);
        Assert.Equal(1, served.Kernel.AbortCount);
        Assert.Equal(1, fileSystem.StoppedCount);
    }

    [Theory]
    [InlineData(FuseOpcode.Init)]
    [InlineData(FuseOpcode.Statfs)]
    public void Thread_FailsOverARequest_ItsCallerGetsEioBeforeTheSessionEnds(FuseOpcode opcode)
    {
        // A mount that waits for INIT can be ended by nothing but an answer.
        using var kernel = new SocketKernel();
        using var session = new FuseSession(new ProbeFileSystem(), kernel, ServedSession.SmallOptions);
        session.Start();
        bool hasFailed = false;
        kernel.SendFault = slot =>
        {
            if (slot.Request.Opcode != opcode || hasFailed)
            {
                return null;
            }

            hasFailed = true;
            throw new InvalidDataException("on purpose");
        };
        Assert.Equal(opcode == FuseOpcode.Init ? Errno.EIO : Errno.None, kernel.Init().Error);
        if (opcode != FuseOpcode.Init)
        {
            Assert.Equal(Errno.EIO, kernel.Call(opcode).Error);
        }

        Assert.True(session.WaitForUnmount(_patience));
        Assert.Contains("failed", session.Failure, StringComparison.Ordinal);
        Assert.Equal(1, kernel.AbortCount);
    }

    [Fact]
    public void Receive_PassingErrors_AreRetried()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        var errors = new Queue<Errno>([Errno.EINTR, Errno.EAGAIN, Errno.ENOENT]);
        served.Kernel.ReceiveFault = () => errors.TryDequeue(out Errno error) ? error : null;
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Statfs).Error);
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Statfs).Error);
        Assert.Empty(errors);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        foreach (FuseSessionOptions options in new[]
        {
            new FuseSessionOptions { MaxWriteBytes = 4095 },
            new FuseSessionOptions { MaxWriteBytes = 5000 },
            new FuseSessionOptions { ThreadCount = -1 },
            new FuseSessionOptions { MaxBackground = 0 },
            new FuseSessionOptions { CongestionThreshold = 70000 },
            new FuseSessionOptions { DeferredPerThread = -1 },
        })
        {
            Assert.ThrowsAny<ArgumentException>(options.Validate);
        }

        new FuseSessionOptions().Validate();
    }

    private sealed class SelfDisposingFileSystem : ProbeFileSystem
    {
        public FuseSession? Session { get; set; }

        public override Errno Access(FuseRequest request, NodeId node, in FuseAccessIn args)
        {
            Session!.Dispose();
            return Errno.None;
        }
    }
}
