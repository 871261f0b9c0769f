using System.Text;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Whole requests are understood, over either transport; what is not whole is refused.</summary>
public sealed class FuseRequestReaderTests
{
    public static TheoryData<FuseOpcode> Opcodes => new(Enum.GetValues<FuseOpcode>());

    // INIT always comes from the device.
    public static TheoryData<FuseOpcode> RingOpcodes => new(Enum.GetValues<FuseOpcode>().Where(opcode => opcode != FuseOpcode.Init));

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Read_OneMessage_MeansWhatTheKernelSaid(FuseOpcode opcode)
    {
        RequestVector vector = RequestVectors.Of(opcode);

        Assert.Equal(Errno.None, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out FuseRequestReader request));

        Assert.Equal(vector.Means, RequestText.Of(request));
        Assert.Equal(opcode, request.Header.Opcode);
        Assert.Equal((uint)vector.Message.Length, request.Header.Length);
        Assert.Equal((1000u, 1001u, 12345u), (request.Header.Uid, request.Header.Gid, request.Header.ProcessId));
        Assert.Equal(opcode switch { FuseOpcode.Lookup or FuseOpcode.Statfs => 1u, FuseOpcode.BatchForget => 0u, _ => 42u }, request.Header.NodeId);
    }

    [Theory]
    [MemberData(nameof(RingOpcodes))]
    public void Read_RingAreas_MeansTheSame(FuseOpcode opcode)
    {
        RequestVector vector = RequestVectors.Of(opcode);
        // The kernel's areas are 128 bytes each, whatever is in them.
        byte[] header = [.. vector.Header, .. Enumerable.Repeat((byte)0xee, 88)];
        byte[] argument = [.. vector.Argument, .. Enumerable.Repeat((byte)0xee, 128 - vector.Argument.Length)];

        Assert.Equal(Errno.None, FuseRequestReader.Read(header, argument, vector.Body, FuseDialect.Newest, out FuseRequestReader request));

        Assert.Equal(vector.Means, RequestText.Of(request));
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Read_LengthThatIsNotTheReceivedOne_IsRefused(FuseOpcode opcode)
    {
        byte[] message = RequestVectors.Of(opcode).Message;
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Equal(Errno.EIO, FuseRequestReader.Read(message.AsSpan(0, length), FuseDialect.Newest, out _));
        }

        Assert.Equal(Errno.EIO, FuseRequestReader.Read([.. message, 0], FuseDialect.Newest, out _));
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Read_CutShortWithAMatchingLength_IsRefused(FuseOpcode opcode)
    {
        RequestVector vector = RequestVectors.Of(opcode);
        byte[] content = [.. vector.Argument, .. vector.Body];

        // Old kernels end INIT early; all others are whole or nothing.
        int least = opcode == FuseOpcode.Init ? 8 : content.Length;
        for (int length = 0; length < least; length++)
        {
            RequestVector cut = vector.WithArgument([]).WithBody(content.AsSpan(0, length));
            Assert.Equal(Errno.EIO, FuseRequestReader.Read(cut.Message, FuseDialect.Newest, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Read_BytesToSpareWithAMatchingLength_IsRefused(FuseOpcode opcode)
    {
        RequestVector vector = RequestVectors.Of(opcode);
        Errno expected = opcode == FuseOpcode.Init ? Errno.None : Errno.EIO;

        Assert.Equal(expected, FuseRequestReader.Read(vector.WithBody([.. vector.Body, 1]).Message, FuseDialect.Newest, out _));
    }

    [Theory]
    [MemberData(nameof(RingOpcodes))]
    public void Read_RingPayloadOfAnotherLength_IsRefused(FuseOpcode opcode)
    {
        RequestVector vector = RequestVectors.Of(opcode);
        byte[] longer = [.. vector.Body, 0];
        Assert.Equal(Errno.EIO, FuseRequestReader.Read(vector.Header, vector.Argument, longer, FuseDialect.Newest, out _));
        if (vector.Body.Length > 0)
        {
            Assert.Equal(Errno.EIO, FuseRequestReader.Read(vector.Header, vector.Argument, vector.Body.AsSpan(1), FuseDialect.Newest, out _));
        }

        if (vector.Argument.Length > 0)
        {
            Assert.Equal(Errno.EIO, FuseRequestReader.Read(vector.Header, vector.Argument.AsSpan(1), vector.Body, FuseDialect.Newest, out _));
        }
    }

    [Fact]
    public void Read_UnknownOperation_GivesTheHeaderForAReply()
    {
        byte[] message = RequestVectors.Of(FuseOpcode.Statfs).Message;
        message[4] = 54;

        Assert.Equal(Errno.ENOSYS, FuseRequestReader.Read(message, FuseDialect.Newest, out FuseRequestReader request));

        Assert.Equal((FuseOpcode)54, request.Header.Opcode);
        Assert.NotEqual(0u, request.Header.Unique);
    }

    [Fact]
    public void Read_LengthBelowAHeader_IsRefused()
    {
        byte[] message = RequestVectors.Of(FuseOpcode.Destroy).Message;
        message[0] = 39;

        Assert.Equal(Errno.EIO, FuseRequestReader.Read(message, FuseDialect.Newest, out _));
        Assert.Equal(Errno.EIO, FuseRequestReader.Read(message, [], [], FuseDialect.Newest, out _));
    }

    [Theory]
    [InlineData(FuseOpcode.Lookup, "\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Lookup, "a/b\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Lookup, "/\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Lookup, ".\0", Errno.None)]
    [InlineData(FuseOpcode.Lookup, "..\0", Errno.None)]
    [InlineData(FuseOpcode.Lookup, "a\0b\0", Errno.EIO)]
    [InlineData(FuseOpcode.Lookup, "a", Errno.EIO)]
    [InlineData(FuseOpcode.Lookup, "", Errno.EIO)]
    [InlineData(FuseOpcode.Unlink, ".\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Unlink, "..\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Unlink, "...\0", Errno.None)]
    [InlineData(FuseOpcode.Mkdir, "/tmp\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Create, "\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Link, "x/\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Rename, "a\0\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Rename, "\0a\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Rename, "a\0b/c\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.Rename, "a\0", Errno.EIO)]
    [InlineData(FuseOpcode.Rename, "a\0b", Errno.EIO)]
    [InlineData(FuseOpcode.Rename2, "a\0b\0c\0", Errno.EIO)]
    [InlineData(FuseOpcode.SymLink, "a\0\0", Errno.ENOENT)]
    [InlineData(FuseOpcode.SymLink, "a\0/\0", Errno.None)]
    [InlineData(FuseOpcode.SymLink, "/\0a\0", Errno.EINVAL)]
    [InlineData(FuseOpcode.TmpFile, "/\0", Errno.None)]
    [InlineData(FuseOpcode.TmpFile, "/", Errno.EIO)]
    [InlineData(FuseOpcode.RemoveXattr, "\0", Errno.ERANGE)]
    [InlineData(FuseOpcode.GetXattr, "user./\0", Errno.None)]
    public void Read_Names_AreHeldToTheirRules(FuseOpcode opcode, string body, Errno expected)
    {
        RequestVector vector = RequestVectors.Of(opcode).WithBody(Encoding.Latin1.GetBytes(body));

        Assert.Equal(expected, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out _));
    }

    [Theory]
    [InlineData(FuseOpcode.Lookup, 255, 0, Errno.None)]
    [InlineData(FuseOpcode.Lookup, 256, 0, Errno.ENAMETOOLONG)]
    [InlineData(FuseOpcode.Create, 256, 0, Errno.ENAMETOOLONG)]
    [InlineData(FuseOpcode.Rename, 255, 255, Errno.None)]
    [InlineData(FuseOpcode.Rename, 1, 256, Errno.ENAMETOOLONG)]
    [InlineData(FuseOpcode.Rename2, 256, 1, Errno.ENAMETOOLONG)]
    [InlineData(FuseOpcode.SymLink, 255, 4095, Errno.None)]
    [InlineData(FuseOpcode.SymLink, 255, 4096, Errno.ENAMETOOLONG)]
    [InlineData(FuseOpcode.SymLink, 256, 1, Errno.ENAMETOOLONG)]
    [InlineData(FuseOpcode.GetXattr, 255, 0, Errno.None)]
    [InlineData(FuseOpcode.GetXattr, 256, 0, Errno.ERANGE)]
    public void Read_NameLengths_AreHeldToTheirLimits(FuseOpcode opcode, int firstBytes, int secondBytes, Errno expected)
    {
        byte[] first = [.. Enumerable.Repeat((byte)'f', firstBytes), 0];
        byte[] second = secondBytes == 0 ? [] : [.. Enumerable.Repeat((byte)'s', secondBytes), 0];
        RequestVector vector = RequestVectors.Of(opcode).WithBody([.. first, .. second]);

        Assert.Equal(expected, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out _));
    }

    [Theory]
    [InlineData(FuseOpcode.Write, 16, 9u)]
    [InlineData(FuseOpcode.Write, 16, 11u)]
    [InlineData(FuseOpcode.Write, 16, 0xffffffffu)]
    [InlineData(FuseOpcode.SetXattr, 0, 2u)]
    [InlineData(FuseOpcode.SetXattr, 0, 4u)]
    [InlineData(FuseOpcode.SetXattr, 0, 0x80000003u)]
    [InlineData(FuseOpcode.Ioctl, 24, 0u)]
    [InlineData(FuseOpcode.Ioctl, 24, 5u)]
    [InlineData(FuseOpcode.NotifyReply, 16, 7u)]
    [InlineData(FuseOpcode.BatchForget, 0, 1u)]
    [InlineData(FuseOpcode.BatchForget, 0, 3u)]
    [InlineData(FuseOpcode.BatchForget, 0, 0x10000002u)]
    [InlineData(FuseOpcode.BatchForget, 0, 0xffffffffu)]
    [InlineData(FuseOpcode.RemoveMapping, 0, 0u)]
    [InlineData(FuseOpcode.RemoveMapping, 0, 0x10000001u)]
    public void Read_CountThatIsNotTheBodys_IsRefused(FuseOpcode opcode, int offsetBytes, uint value)
    {
        RequestVector vector = RequestVectors.Of(opcode).WithArgumentField(offsetBytes, value);

        Assert.Equal(Errno.EIO, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out _));
        Assert.Equal(Errno.EIO, FuseRequestReader.Read(vector.Header, vector.Argument, vector.Body, FuseDialect.Newest, out _));
    }

    // The upper halves of 64-bit fields: bit 63 makes an offset negative, 0x7fffffff at the top leaves no room after it.
    [Theory]
    [InlineData(FuseOpcode.Read, 12, 0x80000000u, Errno.EINVAL)]
    [InlineData(FuseOpcode.Read, 12, 0x7fffffffu, Errno.None)]
    [InlineData(FuseOpcode.Write, 12, 0x7fffffffu, Errno.EINVAL)]
    [InlineData(FuseOpcode.Read, 12, 0x7ffffffeu, Errno.None)]
    [InlineData(FuseOpcode.ReadDir, 12, 0x80000000u, Errno.None)]
    [InlineData(FuseOpcode.Write, 12, 0x80000000u, Errno.EINVAL)]
    [InlineData(FuseOpcode.SetAttr, 20, 0x80000000u, Errno.EINVAL)]
    [InlineData(FuseOpcode.SetAttr, 20, 0x7fffffffu, Errno.None)]
    [InlineData(FuseOpcode.Fallocate, 12, 0x80000000u, Errno.EINVAL)]
    [InlineData(FuseOpcode.Fallocate, 20, 0x80000000u, Errno.EINVAL)]
    [InlineData(FuseOpcode.CopyFileRange, 12, 0x80000000u, Errno.EINVAL)]
    [InlineData(FuseOpcode.CopyFileRange64, 36, 0x80000000u, Errno.EINVAL)]
    [InlineData(FuseOpcode.CopyFileRange64, 44, 0x80000000u, Errno.EINVAL)]
    public void Read_RangesBeyondTheLargestFile_AreRefused(FuseOpcode opcode, int offsetBytes, uint value, Errno expected)
    {
        // The vector's offset is small; its low half must be all ones for the top case.
        RequestVector vector = RequestVectors.Of(opcode).WithArgumentField(offsetBytes - 4, 0xffff_ffff).WithArgumentField(offsetBytes, value);

        Assert.Equal(expected, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out _));
    }

    [Theory]
    [InlineData(8, 0u)]
    [InlineData(16, 0x73fffffbu)]
    [InlineData(64, 0x73fffffbu)]
    public void Read_InitOfAnyAge_HasZeroForWhatIsMissing(int argumentBytes, uint expectedFlags)
    {
        RequestVector whole = RequestVectors.Of(FuseOpcode.Init);
        RequestVector vector = whole.WithArgument(whole.Argument.AsSpan(0, argumentBytes));

        Assert.Equal(Errno.None, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out FuseRequestReader request));

        FuseInitIn init = request.Argument<FuseInitIn>();
        Assert.Equal((7u, 45u, expectedFlags), (init.Major, init.Minor, init.FlagsLow));
        Assert.Equal(argumentBytes == 64 ? 0x7fdu : 0u, init.FlagsHigh);
    }

    [Fact]
    public void Read_ShortSetXattr_NeedsTheDialectThatHasIt()
    {
        RequestVector whole = RequestVectors.Of(FuseOpcode.SetXattr);
        RequestVector vector = whole.WithArgument(whole.Argument.AsSpan(0, 8));
        var dialect = FuseDialect.Of(45, FuseInitFlags.None);

        Assert.Equal(Errno.None, FuseRequestReader.Read(vector.Message, dialect, out FuseRequestReader request));

        Assert.Equal("Size=3 Flags=2 Name=user.a Data=v\\0w", RequestText.Of(request));
        Assert.NotEqual(Errno.None, FuseRequestReader.Read(vector.Message, FuseDialect.Newest, out _));
    }

    [Fact]
    public void Read_AnyRequest_AllocatesNothing()
    {
        byte[][] messages = [.. RequestVectors.All.Select(vector => vector.Message)];
        long sum = 0;

        AllocationProbe.AssertNone(() =>
        {
            foreach (byte[] message in messages)
            {
                Errno error = FuseRequestReader.Read(message, FuseDialect.Newest, out FuseRequestReader request);
                sum += (int)error + request.Name.Length + request.SecondName.Length + request.Data.Length + request.Forgets.Length;
                sum += request.Argument<FuseWriteIn>().Size + request.Extensions.SupplementaryGroups.Length;
            }
        });
        Assert.NotEqual(0, sum);
    }
}
