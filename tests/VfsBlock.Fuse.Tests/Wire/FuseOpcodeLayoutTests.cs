using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>The sizes in the layout table are those of the structs, and of what the kernel accepts.</summary>
public sealed class FuseOpcodeLayoutTests
{
    // The operation, the sizes of its argument and of its reply (-1: any size, -2: no reply), as the kernel has them.
    public static TheoryData<FuseOpcode, int, int> Sizes => new()
    {
        { FuseOpcode.Lookup, 0, 128 },
        { FuseOpcode.Forget, 8, -2 },
        { FuseOpcode.GetAttr, 16, 104 },
        { FuseOpcode.SetAttr, 88, 104 },
        { FuseOpcode.ReadLink, 0, -1 },
        { FuseOpcode.SymLink, 0, 128 },
        { FuseOpcode.Mknod, 16, 128 },
        { FuseOpcode.Mkdir, 8, 128 },
        { FuseOpcode.Unlink, 0, 0 },
        { FuseOpcode.Rmdir, 0, 0 },
        { FuseOpcode.Rename, 8, 0 },
        { FuseOpcode.Link, 8, 128 },
        { FuseOpcode.Open, 8, 16 },
        { FuseOpcode.Read, 40, -1 },
        { FuseOpcode.Write, 40, 8 },
        { FuseOpcode.Statfs, 0, 80 },
        { FuseOpcode.Release, 24, 0 },
        { FuseOpcode.Fsync, 16, 0 },
        { FuseOpcode.SetXattr, 16, 0 },
        { FuseOpcode.GetXattr, 8, -1 },
        { FuseOpcode.ListXattr, 8, -1 },
        { FuseOpcode.RemoveXattr, 0, 0 },
        { FuseOpcode.Flush, 24, 0 },
        { FuseOpcode.Init, 8, -1 },
        { FuseOpcode.OpenDir, 8, 16 },
        { FuseOpcode.ReadDir, 40, -1 },
        { FuseOpcode.ReleaseDir, 24, 0 },
        { FuseOpcode.FsyncDir, 16, 0 },
        { FuseOpcode.GetLock, 48, 24 },
        { FuseOpcode.SetLock, 48, 0 },
        { FuseOpcode.SetLockWait, 48, 0 },
        { FuseOpcode.Access, 8, 0 },
        { FuseOpcode.Create, 16, 144 },
        { FuseOpcode.Interrupt, 8, -2 },
        { FuseOpcode.Bmap, 16, 8 },
        { FuseOpcode.Destroy, 0, 0 },
        { FuseOpcode.Ioctl, 32, -1 },
        { FuseOpcode.Poll, 24, 8 },
        { FuseOpcode.NotifyReply, 40, -2 },
        { FuseOpcode.BatchForget, 8, -2 },
        { FuseOpcode.Fallocate, 32, 0 },
        { FuseOpcode.ReadDirPlus, 40, -1 },
        { FuseOpcode.Rename2, 16, 0 },
        { FuseOpcode.Lseek, 24, 8 },
        { FuseOpcode.CopyFileRange, 56, 8 },
        { FuseOpcode.SetupMapping, 40, 0 },
        { FuseOpcode.RemoveMapping, 4, 0 },
        { FuseOpcode.SyncFs, 8, 0 },
        { FuseOpcode.TmpFile, 16, 144 },
        { FuseOpcode.Statx, 24, 288 },
        { FuseOpcode.CopyFileRange64, 56, 8 },
        { FuseOpcode.CuseInit, 16, -1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void TryGet_EveryOperation_HasTheKernelsSizes(FuseOpcode opcode, int argumentBytes, int replyBytes)
    {
        Assert.True(FuseOpcodeLayout.TryGet(opcode, FuseDialect.Newest, out FuseOpcodeLayout layout));

        Assert.Equal(argumentBytes, layout.ArgumentBytes);
        Assert.Equal(replyBytes, layout.Reply switch { FuseReplyShape.NoReply => -2, FuseReplyShape.Variable => -1, _ => layout.ReplyBytes });
        Assert.Equal(replyBytes != -2, layout.WantsReply);
    }

    [Fact]
    public void TryGet_OperationsOfTheEnum_AreAllInTheTable()
    {
        Assert.Equal(Enum.GetValues<FuseOpcode>(), Sizes.Select(row => (FuseOpcode)row[0]));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(7u)]
    [InlineData(19u)]
    [InlineData(54u)]
    [InlineData(4095u)]
    [InlineData(436207616u)]
    [InlineData(0xffffffffu)]
    public void TryGet_NumberOfNoOperation_IsFalseAndWantsNoReply(uint opcode)
    {
        Assert.False(FuseOpcodeLayout.TryGet((FuseOpcode)opcode, FuseDialect.Newest, out FuseOpcodeLayout layout));
        Assert.False(layout.WantsReply);
    }

    [Theory]
    [InlineData(FuseOpcode.GetAttr, 8u, 0, 96)]
    [InlineData(FuseOpcode.GetAttr, 9u, 16, 104)]
    [InlineData(FuseOpcode.Lookup, 8u, 0, 120)]
    [InlineData(FuseOpcode.Write, 8u, 24, 8)]
    [InlineData(FuseOpcode.Mknod, 11u, 8, 128)]
    [InlineData(FuseOpcode.Mknod, 12u, 16, 128)]
    [InlineData(FuseOpcode.Create, 11u, 8, 144)]
    [InlineData(FuseOpcode.Create, 8u, 8, 136)]
    [InlineData(FuseOpcode.Statfs, 3u, 0, 48)]
    [InlineData(FuseOpcode.Statfs, 4u, 0, 80)]
    public void TryGet_OldKernel_HasItsShorterStructs(FuseOpcode opcode, uint minor, int argumentBytes, int replyBytes)
    {
        Assert.True(FuseOpcodeLayout.TryGet(opcode, FuseDialect.Of(minor, FuseInitFlags.None), out FuseOpcodeLayout layout));

        Assert.Equal((argumentBytes, replyBytes), (layout.ArgumentBytes, layout.ReplyBytes));
    }

    [Theory]
    [InlineData(FuseInitFlags.None, 8)]
    [InlineData(FuseInitFlags.SetXattrExtension, 16)]
    public void TryGet_SetXattr_IsLongOnlyIfAgreed(FuseInitFlags flags, int argumentBytes)
    {
        Assert.True(FuseOpcodeLayout.TryGet(FuseOpcode.SetXattr, FuseDialect.Of(45, flags), out FuseOpcodeLayout layout));

        Assert.Equal(argumentBytes, layout.ArgumentBytes);
    }

    [Theory]
    [InlineData(4u, 8)]
    [InlineData(5u, 24)]
    [InlineData(22u, 24)]
    [InlineData(23u, 64)]
    [InlineData(45u, 64)]
    public void InitReplyBytes_ByKernel_IsWhatItTakes(uint kernelMinor, int expected)
    {
        Assert.Equal(expected, FuseOpcodeLayout.InitReplyBytes(kernelMinor));
    }
}
