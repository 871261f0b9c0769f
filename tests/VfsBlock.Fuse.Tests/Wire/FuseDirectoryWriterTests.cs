using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Fuse.Tests;

/// <summary>Listings come out as the kernel reads them.</summary>
public sealed class FuseDirectoryWriterTests(ITestOutputHelper output)
{
    private const uint DirectoryMode = 0x41ed;
    private const uint FileMode = 0x81a4;

    [Fact]
    public void TryAdd_TwoEntries_AreTheKernelsRecords()
    {
        byte[] reply = Filled(72);
        var writer = new FuseDirectoryWriter(reply);

        Assert.True(writer.TryAdd("."u8, 1, DirectoryMode, 11));
        Assert.True(writer.TryAdd("12345678"u8, 0x1122334455667788, FileMode, 0xfffffffffffffffe));

        Assert.Equal(64, writer.BytesWritten);
        Assert.Equal(
            "0100000000000000" + "0b00000000000000" + "01000000" + "04000000" + "2e00000000000000" +
            "8877665544332211" + "feffffffffffffff" + "08000000" + "08000000" + "3132333435363738" +
            "eeeeeeeeeeeeeeee",
            Convert.ToHexStringLower(reply));
    }

    [Fact]
    public void TryAdd_PlusEntry_IsTheKernelsRecord()
    {
        byte[] reply = Filled(168);
        var writer = new FuseDirectoryPlusWriter(reply);
        var entry = new FuseEntryOut
        {
            NodeId = 5,
            Generation = 6,
            EntryValidSeconds = 7,
            AttrValidSeconds = 8,
            EntryValidNanoseconds = 9,
            AttrValidNanoseconds = 10,
            Attr = new FuseAttr { Inode = 0x21, Size = 0x22, Mode = FileMode, LinkCount = 1 },
        };

        Assert.True(writer.TryAdd("abc"u8, in entry, 12));

        Assert.Equal(160, writer.BytesWritten);
        Assert.Equal(
            "0500000000000000" + "0600000000000000" + "0700000000000000" + "0800000000000000" + "09000000" + "0a000000" +
            "2100000000000000" + "2200000000000000" + new string('0', 80) + "00000000" + "a4810000" + "01000000" +
            new string('0', 40) +
            "2100000000000000" + "0c00000000000000" + "03000000" + "08000000" + "6162630000000000" +
            "eeeeeeeeeeeeeeee",
            Convert.ToHexStringLower(reply));
    }

    [Fact]
    public void TryAdd_PlusEntryWithoutAttributes_NamesNoNode()
    {
        byte[] reply = Filled(160);
        var writer = new FuseDirectoryPlusWriter(reply);

        Assert.True(writer.TryAdd(".."u8, 1, DirectoryMode, 2));

        Assert.Equal(
            new string('0', 256) + "0100000000000000" + "0200000000000000" + "02000000" + "04000000" + "2e2e000000000000",
            Convert.ToHexStringLower(reply));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    [InlineData(31)]
    public void TryAdd_NoRoom_WritesNothing(int roomBytes)
    {
        byte[] reply = Filled(roomBytes);
        var writer = new FuseDirectoryWriter(reply);

        Assert.False(writer.TryAdd("a"u8, 1, FileMode, 1));

        Assert.Equal(0, writer.BytesWritten);
        Assert.Equal(Filled(roomBytes), reply);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(159)]
    public void TryAdd_NoRoomForAPlusEntry_WritesNothing(int roomBytes)
    {
        byte[] reply = Filled(roomBytes);
        var writer = new FuseDirectoryPlusWriter(reply);

        Assert.False(writer.TryAdd("a"u8, new FuseEntryOut { NodeId = 3 }, 1));

        Assert.Equal(0, writer.BytesWritten);
        Assert.Equal(Filled(roomBytes), reply);
    }

    [Fact]
    public void TryAdd_NameTheKernelRefuses_IsTheCallersError()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FuseDirectoryWriter(new byte[8192]).TryAdd([], 1, FileMode, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FuseDirectoryWriter(new byte[8192]).TryAdd(new byte[4096], 1, FileMode, 1));
    }

    [Fact]
    public void TryAdd_AnyNames_AreReadBackUntilTheReplyIsFull()
    {
        Prop.ForAll(Listings(), IsReadBack(ListingReader.Plain)).Check(Repeatable());
    }

    [Fact]
    public void TryAdd_AnyNamesWithAttributes_AreReadBackUntilTheReplyIsFull()
    {
        Prop.ForAll(Listings(), IsReadBack(ListingReader.Plus)).Check(Repeatable());
    }

    [Fact]
    public void TryAdd_ManyEntries_AllocatesNothing()
    {
        byte[] reply = new byte[4096];
        var entry = new FuseEntryOut { NodeId = 9 };
        long sum = 0;

        AllocationProbe.AssertNone(() =>
        {
            var plain = new FuseDirectoryWriter(reply);
            while (plain.TryAdd("some name"u8, 7, FileMode, 8))
            {
                sum++;
            }

            var plus = new FuseDirectoryPlusWriter(reply);
            while (plus.TryAdd("some name"u8, in entry, 8))
            {
                sum++;
            }
        });
        Assert.NotEqual(0, sum);
    }

    private Config Repeatable()
    {
        // SplitMix's own step; it must be odd.
        var start = new Replay(new Rnd((ulong)RandomSeed.Take(output), 0x9E3779B97F4A7C15), FSharpOption<int>.None);
        return Config.QuickThrowOnFailure.WithReplay(start);
    }

    private static byte[] Filled(int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill(0xee);
        return bytes;
    }

    // Names of 1 to 255 bytes of any value, and a reply of any size that is no multiple of a record.
    private static Arbitrary<(byte[][] Names, int ReplyBytes)> Listings()
    {
        Gen<byte[]> name = Gen.Choose(1, 255).SelectMany(length => Gen.Choose(1, 255).Select(value => (byte)value).ArrayOf(length));
        return Arb.From(Gen.Choose(0, 30).SelectMany(count => name.ArrayOf(count))
            .SelectMany(names => Gen.Choose(0, 4096).Select(bytes => (names, bytes))));
    }

    private static Func<(byte[][] Names, int ReplyBytes), bool> IsReadBack(ListingReader format) => listing =>
    {
        byte[] reply = Filled(listing.ReplyBytes);
        int added = 0;
        int written = format.Write(reply, listing.Names, FileMode, ref added);
        List<(FuseDirent Dirent, byte[] Name)> read = format.Read(reply.AsSpan(0, written));

        return read.Count == added
            && read.Select(record => record.Name).Zip(listing.Names).All(pair => pair.First.SequenceEqual(pair.Second))
            && read.Select(record => record.Dirent.NextCookie).SequenceEqual(Enumerable.Range(1, added).Select(cookie => (ulong)cookie))
            && reply.AsSpan(written).IndexOfAnyExcept((byte)0xee) < 0
            && (added == listing.Names.Length || format.RecordBytes(listing.Names[added].Length) > listing.ReplyBytes - written);
    };
}
