using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class FuseHandshakeTests
{
    private const FuseInitFlags EverythingOffered = (FuseInitFlags)0x7fd73fffffb;

    [Fact]
    public void Answer_ModernKernel_IsWhatTheDefaultsSay()
    {
        (FuseHandshake answer, FuseInitOut reply) = Answer(new FuseInitIn { Minor = 45, MaxReadahead = 131072 }, EverythingOffered);
        Assert.Equal((Errno.None, 64), (answer.Error, answer.BodyLengthBytes));
        Assert.Equal((7u, 45u), (reply.Major, reply.Minor));
        Assert.Equal((0x72E4E031u, 0x10u), (reply.FlagsLow, reply.FlagsHigh));
        Assert.Equal((1u << 20, 256), (reply.MaxWrite, reply.MaxPages));
        Assert.Equal((128, 96, 1u), (reply.MaxBackground, reply.CongestionThreshold, reply.TimeGranularity));
        Assert.Equal(131072u, reply.MaxReadahead);
        Assert.Equal((0u, 0), (reply.MaxStackDepth, reply.RequestTimeout));
        FuseAgreement agreement = answer.Agreement!;
        Assert.Equal((45u, 45u, 1 << 20, 1 << 20), (agreement.KernelMinor, agreement.Minor, agreement.MaxWriteBytes, agreement.MaxReadBytes));
        Assert.Contains("7.45", agreement.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12u, 24)]
    [InlineData(22u, 24)]
    [InlineData(23u, 64)]
    [InlineData(36u, 64)]
    [InlineData(45u, 64)]
    [InlineData(46u, 64)]
    [InlineData(99u, 64)]
    public void Answer_EveryMinor_GetsItsOwnLengthAndTheSmallerMinor(uint minor, int lengthBytes)
    {
        (FuseHandshake answer, FuseInitOut reply) = Answer(new FuseInitIn { Minor = minor }, EverythingOffered);
        Assert.Equal(lengthBytes, answer.BodyLengthBytes);
        Assert.Equal(Math.Min(minor, 45), reply.Minor);
        Assert.Equal(minor, answer.Agreement!.KernelMinor);
    }

    [Theory]
    [InlineData(7u, 6u)]
    [InlineData(7u, 11u)]
    [InlineData(6u, 45u)]
    public void Answer_KernelTooOld_IsRefusedWithItsVersion(uint major, uint minor)
    {
        var init = new FuseInitIn { Minor = minor };
        (FuseHandshake answer, _) = Answer(init, EverythingOffered, major: major);
        Assert.Equal(Errno.EPROTO, answer.Error);
        Assert.Null(answer.Agreement);
        Assert.Contains($"{major}.{minor}", answer.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_NewerMajor_NamesOursAndWaits()
    {
        (FuseHandshake answer, FuseInitOut reply) = Answer(new FuseInitIn { Minor = 3 }, EverythingOffered, major: 8);
        Assert.Equal((Errno.None, 8), (answer.Error, answer.BodyLengthBytes));
        Assert.Equal((7u, 45u), (reply.Major, reply.Minor));
        Assert.Null(answer.Agreement);
        Assert.Null(answer.Refusal);
    }

    [Fact]
    public void Answer_NothingOffered_AgreesToNothing()
    {
        (FuseHandshake answer, FuseInitOut reply) = Answer(new FuseInitIn { Minor = 45 }, FuseInitFlags.None);
        Assert.Equal((0u, 0u), (reply.FlagsLow, reply.FlagsHigh));
        Assert.Equal((4096, 131072), (answer.Agreement!.MaxWriteBytes, answer.Agreement.MaxReadBytes));
    }

    [Fact]
    public void Answer_HighFlagsWithoutInitExtension_AreNotInForce()
    {
        FuseInitFlags offered = EverythingOffered & ~FuseInitFlags.InitExtension;
        (FuseHandshake answer, FuseInitOut reply) = Answer(new FuseInitIn { Minor = 45 }, offered);
        Assert.Equal(0u, reply.FlagsHigh);
        Assert.False(answer.Agreement!.Has(FuseInitFlags.DirectIoAllowMmap));

        var unwilling = new FuseSessionOptions { WantedFlags = FuseSessionOptions.DefaultFlags & ~FuseInitFlags.InitExtension };
        (answer, reply) = Answer(new FuseInitIn { Minor = 45 }, EverythingOffered, unwilling);
        Assert.Equal(0u, reply.FlagsHigh);
        Assert.False(answer.Agreement!.Has(FuseInitFlags.DirectIoAllowMmap));
    }

    [Fact]
    public void Answer_EverythingWanted_LeavesOutWhatTheDeviceCannotKeep()
    {
        var greedy = new FuseSessionOptions { WantedFlags = (FuseInitFlags)ulong.MaxValue };
        (FuseHandshake answer, _) = Answer(new FuseInitIn { Minor = 45 }, EverythingOffered, greedy, servesOpen: true);
        Assert.Equal(
            EverythingOffered & ~(FuseInitFlags.OverIoUring | FuseInitFlags.Passthrough), answer.Agreement!.Flags);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_TruncationAtOpen_IsAgreedOnlyWhereOpensAreServed(bool servesOpen)
    {
        (FuseHandshake answer, _) = Answer(new FuseInitIn { Minor = 45 }, EverythingOffered, servesOpen: servesOpen);
        Assert.Equal(servesOpen, answer.Agreement!.Has(FuseInitFlags.AtomicOpenTruncate));
    }

    [Fact]
    public void Answer_Readahead_IsTheSmallerOne()
    {
        (_, FuseInitOut reply) = Answer(
            new FuseInitIn { Minor = 45, MaxReadahead = 131072 }, EverythingOffered, new FuseSessionOptions { MaxReadaheadBytes = 4096 });
        Assert.Equal(4096u, reply.MaxReadahead);
    }

    [Fact]
    public void Session_OldKernelWithAShortInit_IsServedInItsDialect()
    {
        var fileSystem = new ProbeFileSystem();
        using var kernel = new SocketKernel();
        using var session = new FuseSession(fileSystem, kernel, ServedSession.SmallOptions);
        session.Start();
        byte[] init = Wire.Bytes(new FuseInitIn { Major = 7, Minor = 20, FlagsLow = (uint)FuseInitFlags.BigWrites });
        KernelReply reply = kernel.Call(FuseOpcode.Init, init.AsSpan(0, 16));
        Assert.Equal((Errno.None, 24), (reply.Error, reply.Body.Length));
        session.FinishStart();
        Assert.Equal((20u, FuseInitFlags.BigWrites), (session.Agreement.Minor, session.Agreement.Flags));

        byte[] setXattr = [.. Wire.Bytes(new FuseSetXattrIn { Size = 2, Flags = 1 })[..8], .. Wire.Name("user.x"), 1, 2];
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.SetXattr, setXattr).Error);
        Assert.Equal(["setxattr 1 user.x 2 1"], fileSystem.Calls);
    }

    [Fact]
    public void Session_NewerMajor_IsServedWhenItAsksAgain()
    {
        using var kernel = new SocketKernel();
        using var session = new FuseSession(new ProbeFileSystem(), kernel, ServedSession.SmallOptions);
        session.Start();
        KernelReply reply = kernel.Call(FuseOpcode.Init, Wire.Bytes(new FuseInitIn { Major = 8, Minor = 1 }));
        Assert.Equal((Errno.None, 8), (reply.Error, reply.Body.Length));
        Assert.Equal(Errno.None, kernel.Init().Error);
        session.FinishStart();
        Assert.Equal(45u, session.Agreement.Minor);
    }

    [Fact]
    public void Session_KernelTooOld_EndsWithTheReason()
    {
        var fileSystem = new ProbeFileSystem();
        using var kernel = new SocketKernel();
        using var session = new FuseSession(fileSystem, kernel, ServedSession.SmallOptions);
        session.Start();
        Assert.Equal(Errno.EPROTO, kernel.Init(minor: 11).Error);
        FuseMountException failure = Assert.Throws<FuseMountException>(session.FinishStart);
        Assert.Contains("7.11", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a test's socket", failure.Message, StringComparison.Ordinal);
        Assert.True(session.WaitForUnmount(TimeSpan.FromSeconds(30)));
        Assert.Equal((0, 0), (fileSystem.StartedCount, fileSystem.StoppedCount));
    }

    [Fact]
    public void Session_FileSystemFailsToStart_RefusesInit()
    {
        using var kernel = new SocketKernel();
        using var session = new FuseSession(new UnwillingFileSystem(), kernel, ServedSession.SmallOptions);
        session.Start();
        Assert.Equal(Errno.EIO, kernel.Init().Error);
        Assert.Throws<FuseMountException>(session.FinishStart);
    }

    [Fact]
    public void Session_ConnectionEndsBeforeInit_SaysSo()
    {
        using var kernel = new SocketKernel();
        using var session = new FuseSession(new ProbeFileSystem(), kernel, ServedSession.SmallOptions);
        session.Start();
        kernel.Unmount();
        Assert.Contains("before", Assert.Throws<FuseMountException>(session.FinishStart).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Session_MalformedInit_EndsWithTheReason()
    {
        using var kernel = new SocketKernel();
        using var session = new FuseSession(new ProbeFileSystem(), kernel, ServedSession.SmallOptions);
        session.Start();
        Assert.Equal(Errno.EIO, kernel.Call(FuseOpcode.Init, new byte[7]).Error);
        Assert.True(session.WaitForUnmount(TimeSpan.FromSeconds(30)), "the session waits for an INIT that does not come");
        Assert.Contains("INIT", Assert.Throws<FuseMountException>(session.FinishStart).Message, StringComparison.Ordinal);
    }

    private static (FuseHandshake Answer, FuseInitOut Reply) Answer(
        FuseInitIn init, FuseInitFlags offered, FuseSessionOptions? options = null, bool servesOpen = false, uint major = 7)
    {
        init.Major = major;
        init.FlagsLow = offered.Low();
        init.FlagsHigh = offered.High();
        FuseInitOut reply = default;
        FuseHandshake answer = FuseHandshake.Answer(init, options ?? new FuseSessionOptions(), servesOpen, ref reply);
        return (answer, reply);
    }

    private sealed class UnwillingFileSystem : ProbeFileSystem
    {
        public override void Started(FuseAgreement agreement) => throw new InvalidDataException("on purpose");
    }
}
