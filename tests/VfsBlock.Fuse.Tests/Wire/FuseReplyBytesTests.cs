using System.Runtime.InteropServices;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Filled reply structs are, byte for byte, what the kernel reads.</summary>
public sealed class FuseReplyBytesTests
{
    private const string AttrHex =
        "2100000000000000" + "0110000000000000" + "1000000000000000" +
        "ffffffffffffffff" + "0200000000000000" + "0300000000000000" + "04000000" + "05000000" + "06000000" +
        "a4810000" + "02000000" + "e8030000" + "e9030000" + "03010000" + "00100000" + "00000000";

    private static readonly FuseAttr Attr = new()
    {
        Inode = 0x21,
        Size = 4097,
        Blocks = 16,
        AtimeSeconds = unchecked((ulong)-1L),
        MtimeSeconds = 2,
        CtimeSeconds = 3,
        AtimeNanoseconds = 4,
        MtimeNanoseconds = 5,
        CtimeNanoseconds = 6,
        Mode = 0x81a4,
        LinkCount = 2,
        Uid = 1000,
        Gid = 1001,
        DeviceId = 0x103,
        BlockSize = 4096,
    };

    [Fact]
    public void OutHeader_OfAnError_HasTheNegatedErrno()
    {
        AssertBytes("10000000" + "feffffff" + "0200000000000000", new FuseOutHeader { Length = 16, Error = -2, Unique = 2 });
    }

    [Fact]
    public void AttrOut_AllFields_AreInPlace()
    {
        AssertBytes(
            "0a00000000000000" + "0b000000" + "00000000" + AttrHex,
            new FuseAttrOut { AttrValidSeconds = 10, AttrValidNanoseconds = 11, Attr = Attr });
    }

    [Fact]
    public void CreateOut_AllFields_AreInPlace()
    {
        AssertBytes(
            "0500000000000000" + "0600000000000000" + "0700000000000000" + "0800000000000000" + "09000000" + "0a000000" +
            AttrHex + "0c00000000000000" + "12000000" + "ffffffff",
            new FuseCreateOut
            {
                Entry = new FuseEntryOut
                {
                    NodeId = 5,
                    Generation = 6,
                    EntryValidSeconds = 7,
                    AttrValidSeconds = 8,
                    EntryValidNanoseconds = 9,
                    AttrValidNanoseconds = 10,
                    Attr = Attr,
                },
                Open = new FuseOpenOut
                {
                    FileHandle = 12,
                    OpenFlags = FuseOpenFlags.KeepCache | FuseOpenFlags.Stream,
                    BackingId = -1,
                },
            });
    }

    [Fact]
    public void InitOut_AllFields_AreInPlace()
    {
        AssertBytes(
            "07000000" + "2d000000" + "00000200" + "31e0e472" + "4000" + "3000" + "00001000" + "01000000" + "0001" + "0c00" +
            "90000000" + "01000000" + "1e00" + new string('0', 44),
            new FuseInitOut
            {
                Major = FuseProtocol.Major,
                Minor = FuseProtocol.Minor,
                MaxReadahead = 131072,
                FlagsLow = 0x72e4e031,
                MaxBackground = 64,
                CongestionThreshold = 48,
                MaxWrite = 1048576,
                TimeGranularity = 1,
                MaxPages = 256,
                MapAlignment = 12,
                FlagsHigh = 0x90,
                MaxStackDepth = 1,
                RequestTimeout = 30,
            });
    }

    [Fact]
    public void StatfsOut_AllFields_AreInPlace()
    {
        AssertBytes(
            "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000" + "0500000000000000" +
            "00100000" + "ff000000" + "00020000" + "00000000" + new string('0', 48),
            new FuseStatfsOut
            {
                Blocks = 1,
                BlocksFree = 2,
                BlocksAvailable = 3,
                Files = 4,
                FilesFree = 5,
                BlockSize = 4096,
                NameLength = 255,
                FragmentSize = 512,
            });
    }

    [Fact]
    public void StatxOut_AllFields_AreInPlace()
    {
        FuseStatxTimestamp Time(long seconds) => new() { Seconds = seconds, Nanoseconds = 7 };
        AssertBytes(
            "0a00000000000000" + "0b000000" + "00000000" + new string('0', 32) +
            "ff0f0000" + "00100000" + "1000000000000000" + "02000000" + "e8030000" + "e9030000" + "a481" + "0000" +
            "2100000000000000" + "0110000000000000" + "0800000000000000" + "3000000000000000" +
            "ffffffffffffffff0700000000000000" + "02000000000000000700000000000000" +
            "03000000000000000700000000000000" + "04000000000000000700000000000000" +
            "05000000" + "06000000" + "07000000" + "08000000" + new string('0', 224),
            new FuseStatxOut
            {
                AttrValidSeconds = 10,
                AttrValidNanoseconds = 11,
                Stat = new FuseStatx
                {
                    Mask = 0xfff,
                    BlockSize = 4096,
                    Attributes = 0x10,
                    LinkCount = 2,
                    Uid = 1000,
                    Gid = 1001,
                    Mode = 0x81a4,
                    Inode = 0x21,
                    Size = 4097,
                    Blocks = 8,
                    AttributesMask = 0x30,
                    Atime = Time(-1),
                    Btime = Time(2),
                    Ctime = Time(3),
                    Mtime = Time(4),
                    DeviceIdMajor = 5,
                    DeviceIdMinor = 6,
                    DeviceMajor = 7,
                    DeviceMinor = 8,
                },
            });
    }

    [Fact]
    public void UringHeader_OfARequest_HasItsPartsInPlace()
    {
        var header = new FuseUringRequestHeader { Entry = new FuseUringEntryInOut { CommitId = 0x1234, PayloadSize = 6 } };

        AssertBytes(new string('0', 528) + "3412000000000000" + "06000000" + "00000000" + new string('0', 16), header);
    }

    private static void AssertBytes<T>(string hex, T value)
        where T : unmanaged =>
        Assert.Equal(hex, Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value))));
}
