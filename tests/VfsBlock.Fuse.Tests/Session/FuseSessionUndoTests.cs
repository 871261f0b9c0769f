using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Replies that reached nobody: what they counted is taken back.</summary>
public sealed class FuseSessionUndoTests
{
    [Theory]
    [InlineData(FuseOpcode.Lookup, "42")]
    [InlineData(FuseOpcode.Mkdir, "42")]
    [InlineData(FuseOpcode.Mknod, "42")]
    [InlineData(FuseOpcode.SymLink, "42")]
    [InlineData(FuseOpcode.Link, "42")]
    [InlineData(FuseOpcode.Create, "42")]
    [InlineData(FuseOpcode.TmpFile, "42")]
    [InlineData(FuseOpcode.ReadDirPlus, "42 43")]
    [InlineData(FuseOpcode.ReadDir, "")]
    [InlineData(FuseOpcode.GetAttr, "")]
    public void Reply_NobodyWaits_UndoesTheLookupsItReported(FuseOpcode opcode, string nodes)
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        served.Kernel.SendFault = slot => slot.Request.Opcode == opcode ? Errno.ENOENT : null;
        served.Kernel.SendRaw(RequestVectors.Of(opcode).Message);
        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.Equal(nodes, string.Join(' ', fileSystem.Forgotten.Select(forgotten => forgotten.Node)));
        Assert.All(fileSystem.Forgotten, forgotten => Assert.Equal(1ul, forgotten.Count));
    }

    [Theory]
    [InlineData(FuseOpcode.Open, "release 42 80")]
    [InlineData(FuseOpcode.Create, "release 42 77")]
    [InlineData(FuseOpcode.OpenDir, "releasedir 1 79")]
    public void Reply_NobodyWaits_ClosesWhatItOpened(FuseOpcode opcode, string call)
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        served.Kernel.SendFault = slot => slot.Request.Opcode == opcode ? Errno.ENOENT : null;
        ulong node = opcode == FuseOpcode.Open ? 42ul : 1ul;
        served.Kernel.Send(
            opcode, opcode == FuseOpcode.Create ? Wire.Bytes(new FuseCreateIn(), "x") : Wire.Bytes(new FuseOpenIn()), node);
        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.Contains(call, fileSystem.Calls);
    }

    [Fact]
    public void Reply_FailedOperation_UndoesNothing()
    {
        var fileSystem = new ProbeFileSystem { Answer = Errno.EEXIST };
        using var served = new ServedSession(fileSystem);
        served.Kernel.SendFault = slot => slot.Request.Opcode == FuseOpcode.Lookup ? Errno.ENOENT : null;
        served.Kernel.Send(FuseOpcode.Lookup, Wire.Name("x"));
        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.Empty(fileSystem.Forgotten);
    }

    [Fact]
    public void Reply_RefusedByTheKernel_IsLogged()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        served.Kernel.SendFault = slot => slot.Request.Opcode == FuseOpcode.Lookup ? Errno.EINVAL : null;
        served.Kernel.Send(FuseOpcode.Lookup, Wire.Name("x"));
        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.Contains(served.Logger.Texts, text => text.Contains("refused the reply to Lookup", StringComparison.Ordinal));
    }
}
