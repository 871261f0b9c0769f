using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Every operation through a whole session: what the file system is called with, and the reply's bytes.</summary>
public sealed class FuseSessionOpcodeTests
{
    private static readonly FuseOpcode[] _silent =
        [FuseOpcode.Forget, FuseOpcode.BatchForget, FuseOpcode.Interrupt, FuseOpcode.NotifyReply];

    private static readonly FuseOpcode[] _unserved =
        [FuseOpcode.Init, FuseOpcode.SetupMapping, FuseOpcode.RemoveMapping, FuseOpcode.CuseInit];

    public static TheoryData<FuseOpcode> Answered =>
        [.. RequestVectors.All.Select(vector => vector.Opcode).Except(_silent).Except(_unserved)];

    /// <summary>The operations that can fail here: the probe leaves STATFS to its base, and DESTROY asks nobody.</summary>
    public static TheoryData<FuseOpcode> Failing =>
        [.. RequestVectors.All.Select(vector => vector.Opcode).Except(_silent).Except(_unserved).Except([FuseOpcode.Statfs, FuseOpcode.Destroy])];

    [Theory]
    [MemberData(nameof(Answered))]
    public void Request_EveryOpcode_GetsOneReplyOfTheRightLength(FuseOpcode opcode)
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        RequestVector vector = RequestVectors.Of(opcode);
        FuseOpcodeLayout.TryGet(opcode, FuseDialect.Newest, out FuseOpcodeLayout layout);
        served.Kernel.SendRaw(vector.Message);
        KernelReply reply = served.Kernel.Receive();
        Assert.Equal(BitConverter.ToUInt64(vector.Header, 8), reply.Unique);
        Assert.Equal(Errno.None, reply.Error);
        if (layout.Reply == FuseReplyShape.Fixed)
        {
            Assert.Equal(layout.ReplyBytes, reply.Body.Length);
        }

        Assert.Equal(0, served.Kernel.Call(FuseOpcode.Statfs).Code);
        Assert.Null(served.Kernel.TryReceive(0));
        Assert.DoesNotContain(served.Logger.Texts, text => !text.StartsWith("Serving", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public void Request_FileSystemFails_GetsTheErrorAndNoBody(FuseOpcode opcode)
    {
        using var served = new ServedSession(new ProbeFileSystem { Answer = Errno.EDQUOT });
        served.Kernel.SendRaw(RequestVectors.Of(opcode).Message);
        KernelReply reply = served.Kernel.Receive();
        Assert.Equal(Errno.EDQUOT, reply.Error);
        Assert.Empty(reply.Body);
    }

    [Fact]
    public void Entry_Success_CarriesWhatTheFileSystemFilledIn()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        FuseEntryOut entry = served.Kernel.Call(FuseOpcode.Lookup, Wire.Name("x")).As<FuseEntryOut>();
        Assert.Equal((ProbeFileSystem.Node, ProbeFileSystem.Mode, 0ul), (entry.NodeId, entry.Attr.Mode, entry.Generation));
        FuseCreateOut created = served.Kernel.Call(FuseOpcode.Create, Wire.Bytes(new FuseCreateIn(), "x")).As<FuseCreateOut>();
        Assert.Equal((ProbeFileSystem.Node, 77ul), (created.Entry.NodeId, created.Open.FileHandle));
    }

    [Fact]
    public void Reply_AfterALongerOne_HasNothingOfIt()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        Assert.Equal(new byte[60000].Select(_ => (byte)7), served.Kernel.Call(FuseOpcode.Read, Wire.Read(60000, 7)).Body);
        KernelReply reply = served.Kernel.Call(FuseOpcode.Open, Wire.Bytes(new FuseOpenIn()));
        Assert.Equal(Wire.Bytes(new FuseOpenOut { FileHandle = 80 }), reply.Body);
    }

    [Fact]
    public void WriteAndRead_Data_StartAtAPageBoundary()
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        byte[] data = new byte[65536];
        KernelReply reply = served.Kernel.Call(
            FuseOpcode.Write, [.. Wire.Bytes(new FuseWriteIn { Offset = 5, Size = (uint)data.Length }), .. data]);
        Assert.Equal(65536u, reply.As<FuseWriteOut>().Size);
        Assert.Equal(65536, served.Kernel.Call(FuseOpcode.Read, Wire.Read(65536)).Body.Length);
        Assert.Equal(["write 1 5 65536 at 0", "read 1 0 65536 at 0"], fileSystem.Calls);
    }

    [Fact]
    public void Rename_BothForms_ReachOneMethod()
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        byte[] names = [.. Wire.Name("a"), .. Wire.Name("b")];
        served.Kernel.Call(FuseOpcode.Rename, [.. Wire.Bytes(new FuseRenameIn { NewDirectory = 8 }), .. names], node: 7);
        served.Kernel.Call(FuseOpcode.Rename2, [.. Wire.Bytes(new FuseRename2In { NewDirectory = 8, Flags = 2 }), .. names], node: 7);
        Assert.Equal(["rename 7 a 8 b 0", "rename 7 a 8 b 2"], fileSystem.Calls);
    }

    [Fact]
    public void Link_Request_NamesNodeAndNewParent()
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        served.Kernel.Call(FuseOpcode.Link, Wire.Bytes(new FuseLinkIn { OldNodeId = 9 }, "new"), node: 7);
        Assert.Equal(["link 9 7 new"], fileSystem.Calls);
    }

    [Theory]
    [InlineData(FuseOpcode.CopyFileRange, 0xffff_f000ul)]
    [InlineData(FuseOpcode.CopyFileRange64, 1ul << 40)]
    public void CopyFileRange_MoreThanTheCountHolds_IsCutInTheOldForm(FuseOpcode opcode, ulong copied)
    {
        using var served = new ServedSession(new ProbeFileSystem());
        byte[] request = Wire.Bytes(new FuseCopyFileRangeIn { Length = 1ul << 40, OutNodeId = 3 });
        Assert.Equal(copied, served.Kernel.Call(opcode, request).As<ulong>());
    }

    [Theory]
    [InlineData(0u, Errno.None)]
    [InlineData(4u, Errno.ERANGE)]
    [InlineData(5u, Errno.None)]
    [InlineData(65536u, Errno.None)]
    public void GetXattr_Room_DecidesTheAnswer(uint roomBytes, Errno expected)
    {
        using var served = new ServedSession(new ProbeFileSystem());
        byte[] room = Wire.Bytes(new FuseGetXattrIn { Size = roomBytes });
        foreach (KernelReply reply in new[]
        {
            served.Kernel.Call(FuseOpcode.GetXattr, [.. room, .. Wire.Name("user.x")]),
            served.Kernel.Call(FuseOpcode.ListXattr, room),
        })
        {
            byte[] body = expected != Errno.None ? [] : roomBytes == 0 ? [5, 0, 0, 0, 0, 0, 0, 0] : [.. "value"u8];
            Assert.Equal(expected, reply.Error);
            Assert.Equal(body, reply.Body);
        }
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(2u, 2)]
    [InlineData(100u, 3)]
    public void Ioctl_Output_FollowsTheStructAndFitsTheRoom(uint roomBytes, int byteCount)
    {
        using var served = new ServedSession(new ProbeFileSystem());
        KernelReply reply = served.Kernel.Call(
            FuseOpcode.Ioctl, [.. Wire.Bytes(new FuseIoctlIn { InSize = 2, OutSize = roomBytes }), 1, 2]);
        Assert.Equal([.. Wire.Bytes(new FuseIoctlOut { Result = 5 }), .. Enumerable.Repeat((byte)0xab, byteCount)], reply.Body);
    }

    [Fact]
    public void Read_LastPageOfTheLargestFile_EndsWithTheFile()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        KernelReply reply = served.Kernel.Call(FuseOpcode.Read, Wire.Read(4096, long.MaxValue - 4095));
        Assert.Equal((Errno.None, 4095), (reply.Error, reply.Body.Length));
    }

    [Fact]
    public void Read_MoreThanAgreed_IsRefusedRatherThanCutShort()
    {
        using var served = new ServedSession(new ProbeFileSystem());
        Assert.Equal(Errno.EINVAL, served.Kernel.Call(FuseOpcode.Read, Wire.Read(64 << 20)).Error);
    }

    [Fact]
    public void Open_NotServed_IsUnimplementedAndReachesNobody()
    {
        var fileSystem = new ProbeFileSystem { OpensServed = false };
        using var served = new ServedSession(fileSystem);
        Assert.Equal(Errno.ENOSYS, served.Kernel.Call(FuseOpcode.Open, Wire.Bytes(new FuseOpenIn())).Error);
        Assert.Empty(fileSystem.Calls);
        Assert.False(served.Session.Agreement.Has(FuseInitFlags.AtomicOpenTruncate));
    }

    [Theory]
    [InlineData(7u, 64)]
    [InlineData(48u, 40)]
    [InlineData(54u, 64)]
    [InlineData(4096u, 16)]
    [InlineData(uint.MaxValue, 0)]
    public void Request_UnknownOpcode_IsUnimplementedAndToldOnce(uint opcode, int contentBytes)
    {
        using var served = new ServedSession(new ProbeFileSystem());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Errno.ENOSYS, served.Kernel.Call((FuseOpcode)opcode, new byte[contentBytes]).Error);
        }

        Assert.Single(served.Logger.Texts, text => text.Contains($"opcode {opcode}", StringComparison.Ordinal));
    }

    [Fact]
    public void Forget_SingleAndBatch_ReachTheFileSystemWithoutAReply()
    {
        var fileSystem = new ProbeFileSystem();
        using var served = new ServedSession(fileSystem);
        served.Kernel.Send(FuseOpcode.Forget, Wire.Bytes(new FuseForgetIn { LookupCount = 3 }), node: 5);
        served.Kernel.Send(
            FuseOpcode.BatchForget,
            [
                .. Wire.Bytes(new FuseBatchForgetIn { Count = 3 }),
                .. Wire.Bytes(new FuseForgetOne { NodeId = 6, LookupCount = 1 }),
                .. Wire.Bytes(new FuseForgetOne { NodeId = 7, LookupCount = 0 }),
                .. Wire.Bytes(new FuseForgetOne { NodeId = 8, LookupCount = 1ul << 40 }),
            ]);
        served.Kernel.Call(FuseOpcode.Statfs);
        Assert.Equal([(5ul, 3ul), (6ul, 1ul), (8ul, 1ul << 40)], fileSystem.Forgotten);
        Assert.Null(served.Kernel.TryReceive(0));
    }
}
