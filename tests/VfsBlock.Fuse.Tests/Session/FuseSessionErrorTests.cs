using Microsoft.Extensions.Logging;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>What goes wrong in a file system or on the wire, and what callers get then.</summary>
public sealed class FuseSessionErrorTests
{
    [Fact]
    public void Operation_Throws_IsLoggedAndTheCallerGetsEio()
    {
        using var served = new ServedSession(new ThrowingFileSystem());
        Assert.Equal(Errno.EIO, served.Kernel.Call(FuseOpcode.Lookup, Wire.Name("x"), node: 3).Error);
        (LogLevel level, string text, Exception? exception) = Assert.Single(served.Logger.Entries, entry => entry.Exception is not null);
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains("Lookup of node 3", text, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(exception);
        Assert.Equal(0, served.Kernel.Call(FuseOpcode.Statfs).Code);
    }

    [Fact]
    public void Callbacks_Throw_TheSessionGoesOn()
    {
        using var served = new ServedSession(new ThrowingFileSystem());
        served.Kernel.Send(FuseOpcode.Forget, Wire.Bytes(new FuseForgetIn { LookupCount = 1 }), node: 5);
        Assert.Equal(0, served.Kernel.Call(FuseOpcode.Statfs).Code);
        served.Unmount();
        Assert.Null(served.Session.Failure);
        Assert.Equal(2, served.Logger.Entries.Count(entry => entry.Exception is not null));
    }

    [Fact]
    public void Logger_Throws_TheSessionGoesOn()
    {
        using var served = new ServedSession(new ThrowingFileSystem());
        served.Logger.IsBroken = true;
        Assert.Equal(Errno.EIO, served.Kernel.Call(FuseOpcode.Lookup, Wire.Name("x")).Error);
        Assert.Equal(0, served.Kernel.Call(FuseOpcode.Statfs).Code);
        served.Unmount();
        Assert.Null(served.Session.Failure);
    }

    [Theory]
    [InlineData(FuseOpcode.Fsync, Errno.EIO)]
    [InlineData(FuseOpcode.FsyncDir, Errno.EIO)]
    [InlineData(FuseOpcode.SyncFs, Errno.EIO)]
    [InlineData(FuseOpcode.SetAttr, Errno.EIO)]
    [InlineData(FuseOpcode.Lookup, Errno.EIO)]
    [InlineData(FuseOpcode.Rename, Errno.EIO)]
    [InlineData(FuseOpcode.Open, Errno.EIO)]
    [InlineData(FuseOpcode.Read, Errno.EIO)]
    [InlineData(FuseOpcode.Write, Errno.EIO)]
    [InlineData(FuseOpcode.Rename2, Errno.EINVAL)]
    [InlineData(FuseOpcode.Fallocate, Errno.EOPNOTSUPP)]
    [InlineData(FuseOpcode.TmpFile, Errno.EOPNOTSUPP)]
    [InlineData(FuseOpcode.Link, Errno.EPERM)]
    [InlineData(FuseOpcode.Ioctl, Errno.ENOTTY)]
    public void Enosys_WhereTheKernelWouldRememberItToOurHarm_IsReplacedAndLogged(FuseOpcode opcode, Errno expected)
    {
        using var served = new ServedSession(new ProbeFileSystem { Answer = Errno.ENOSYS });
        served.Kernel.SendRaw(RequestVectors.Of(opcode).Message);
        Assert.Equal(expected, served.Kernel.Receive().Error);
        Assert.Contains(served.Logger.Entries, entry => entry.Level == LogLevel.Error && entry.Text.Contains("ENOSYS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FuseOpcode.Flush)]
    [InlineData(FuseOpcode.OpenDir)]
    [InlineData(FuseOpcode.Access)]
    [InlineData(FuseOpcode.Create)]
    [InlineData(FuseOpcode.Statx)]
    [InlineData(FuseOpcode.Lseek)]
    [InlineData(FuseOpcode.Poll)]
    [InlineData(FuseOpcode.CopyFileRange64)]
    [InlineData(FuseOpcode.GetXattr)]
    public void Enosys_WhereItIsHarmless_IsPassedOn(FuseOpcode opcode)
    {
        using var served = new ServedSession(new ProbeFileSystem { Answer = Errno.ENOSYS });
        served.Kernel.SendRaw(RequestVectors.Of(opcode).Message);
        Assert.Equal(Errno.ENOSYS, served.Kernel.Receive().Error);
    }

    [Theory]
    [InlineData(-1, Errno.EIO)]
    [InlineData(512, Errno.EIO)]
    [InlineData(int.MinValue, Errno.EIO)]
    [InlineData(511, (Errno)511)]
    [InlineData(1, Errno.EPERM)]
    [InlineData(133, Errno.EHWPOISON)]
    public void Errno_OutsideTheKernelsRange_BecomesEio(int answer, Errno expected)
    {
        using var served = new ServedSession(new ProbeFileSystem { Answer = (Errno)answer });
        Assert.Equal(expected, served.Kernel.Call(FuseOpcode.Unlink, Wire.Name("x")).Error);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void Read_CountOutsideTheRoom_BecomesEio(int byteCount)
    {
        using var served = new ServedSession(new MiscountingFileSystem { ByteCount = byteCount });
        Assert.Equal(Errno.EIO, served.Kernel.Call(FuseOpcode.Read, Wire.Read(100)).Error);
        Assert.Contains(served.Logger.Texts, text => text.Contains($"counted {byteCount} bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void Request_BeforeInit_IsRefused()
    {
        using var kernel = new SocketKernel();
        using var session = new FuseSession(new ProbeFileSystem(), kernel, ServedSession.SmallOptions);
        session.Start();
        Assert.Equal(Errno.EIO, kernel.Call(FuseOpcode.Statfs).Error);
        Assert.Equal(Errno.None, kernel.Init().Error);
        session.FinishStart();
        Assert.Equal(Errno.None, kernel.Call(FuseOpcode.Statfs).Error);
    }

    [Fact]
    public void Init_Twice_IsRefusedAndChangesNothing()
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        Assert.Equal(Errno.EIO, served.Kernel.Init().Error);
        Assert.Equal(1, fileSystem.StartedCount);
        Assert.Equal(Errno.None, served.Kernel.Call(FuseOpcode.Statfs).Error);
    }

    [Fact]
    public void Message_WithoutAHeader_IsDroppedAndLogged()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        served.Kernel.SendRaw(new byte[39]);
        Assert.Equal(0, served.Kernel.Call(FuseOpcode.Statfs).Code);
        Assert.Contains(served.Logger.Texts, text => text.Contains("malformed", StringComparison.Ordinal));
    }

    [Fact]
    public void Name_ThatNoSystemCallLetsThrough_IsRefusedWithoutTheFileSystem()
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        Assert.Equal(Errno.ENAMETOOLONG, served.Kernel.Call(FuseOpcode.Lookup, Wire.Name(new string('x', 256))).Error);
        Assert.Equal(Errno.EINVAL, served.Kernel.Call(FuseOpcode.Unlink, Wire.Name("..")).Error);
        Assert.Equal(Errno.EIO, served.Kernel.Call(FuseOpcode.Lookup, "unterminated"u8).Error);
        Assert.Empty(fileSystem.Calls);
    }

    private sealed class ThrowingFileSystem : ProbeFileSystem
    {
        public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
            throw new InvalidDataException("on purpose");

        public override void Forget(NodeId node, ulong lookupCount) => throw new InvalidDataException("on purpose");

        public override void Stopped() => throw new InvalidDataException("on purpose");
    }

    private sealed class MiscountingFileSystem : ProbeFileSystem
    {
        public int ByteCount { get; init; }

        public override Errno Read(
            FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
        {
            byteCount = ByteCount;
            return Errno.None;
        }
    }
}
