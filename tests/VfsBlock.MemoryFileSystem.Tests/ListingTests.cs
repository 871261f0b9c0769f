using System.Text;
using VfsBlock.Fuse;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.MemoryFileSystem.Tests;

/// <summary>READDIR and READDIRPLUS, asked directly: what a reply holds, to the byte and to the cookie.</summary>
public sealed class ListingTests : IDisposable
{
    // Room for every name of these tests, with attributes.
    private const int AmpleBytes = 4096;
    private readonly MemoryFileSystem _fileSystem = new();
    private readonly FuseRequest _request = new();

    public void Dispose() => _fileSystem.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadDir_NewDirectory_HoldsItselfAndItsParent(bool withAttributes)
    {
        ulong directory = MakeDirectory("d");
        List<(string Name, ulong Inode, ulong Cookie)> listed = List(withAttributes, directory, 0, AmpleBytes);
        Assert.Equal([(".", directory), ("..", NodeId.Root.Value)], listed.Select(entry => (entry.Name, entry.Inode)));
        Assert.Equal([listed[1]], List(withAttributes, directory, listed[0].Cookie, AmpleBytes));
        Assert.Empty(List(withAttributes, directory, listed[1].Cookie, AmpleBytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadDir_RoomForOneEntry_GivesOneAtATimeAndNoneInLess(bool withAttributes)
    {
        MakeFile("a");
        MakeFile("bb");
        var names = new List<string>();
        int oneBytes = withAttributes ? FuseDirectoryPlusWriter.RecordBytes(2) : FuseDirectoryWriter.RecordBytes(2);
        Assert.Empty(List(withAttributes, NodeId.Root.Value, 0, oneBytes - 1));
        for (ulong cookie = 0; List(withAttributes, NodeId.Root.Value, cookie, oneBytes) is [var entry]; cookie = entry.Cookie)
        {
            names.Add(entry.Name);
        }

        Assert.Equal([".", "..", "a", "bb"], names);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadDir_CookieOfANameThatIsGone_GoesOnBehindIt(bool withAttributes)
    {
        MakeFile("a");
        MakeFile("b");
        MakeFile("c");
        ulong cookie = List(withAttributes, NodeId.Root.Value, 0, AmpleBytes).Single(entry => entry.Name == "b").Cookie;
        Assert.Equal(Errno.None, _fileSystem.Unlink(_request, NodeId.Root, "b"u8));
        Assert.Equal(["c"], List(withAttributes, NodeId.Root.Value, cookie, AmpleBytes).Select(entry => entry.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadDir_NameMovedBehindTheCookie_IsListedUnderItsNewName(bool withAttributes)
    {
        ulong a = MakeFile("a");
        MakeFile("b");
        ulong cookie = List(withAttributes, NodeId.Root.Value, 0, AmpleBytes).Single(entry => entry.Name == "a").Cookie;
        Assert.Equal(Errno.None, _fileSystem.Rename(_request, NodeId.Root, "a"u8, NodeId.Root, "z"u8, 0));
        Assert.Equal(["b", "z"], List(withAttributes, NodeId.Root.Value, cookie, AmpleBytes).Select(entry => entry.Name));
        Assert.Equal(a, List(withAttributes, NodeId.Root.Value, cookie, AmpleBytes)[1].Inode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadDir_CookieThatNobodyGave_IsTheEnd(bool withAttributes)
    {
        MakeFile("a");
        foreach (ulong cookie in new[] { 1000UL, (ulong)long.MaxValue, (ulong)long.MaxValue + 1, ulong.MaxValue })
        {
            Assert.Empty(List(withAttributes, NodeId.Root.Value, cookie, AmpleBytes));
        }
    }

    [Fact]
    public void ReadDirPlus_Entries_CountOneLookupEachAndNoneForDots()
    {
        ulong directory = MakeDirectory("d");
        ulong file = MakeFile("f");
        List(withAttributes: true, NodeId.Root.Value, 0, AmpleBytes);
        Assert.Equal(Errno.None, _fileSystem.Unlink(_request, NodeId.Root, "f"u8));
        Assert.Equal(Errno.None, _fileSystem.RmDir(_request, NodeId.Root, "d"u8));
        _fileSystem.Forget(new NodeId(file), 1);
        _fileSystem.Forget(new NodeId(directory), 1);
        Assert.Equal(3, _fileSystem.NodeCount);
        _fileSystem.Forget(new NodeId(file), 1);
        _fileSystem.Forget(new NodeId(directory), 1);
        Assert.Equal(1, _fileSystem.NodeCount);
        Assert.Throws<InvalidOperationException>(() => _fileSystem.Forget(NodeId.Root, 1));
    }

    private ulong MakeDirectory(string name)
    {
        FuseEntryOut reply = default;
        Assert.Equal(Errno.None, _fileSystem.MkDir(_request, NodeId.Root, new FuseMkdirIn { Mode = 0x1ED }, Encoding.UTF8.GetBytes(name), ref reply));
        return reply.NodeId;
    }

    private ulong MakeFile(string name)
    {
        FuseCreateOut reply = default;
        Assert.Equal(Errno.None, _fileSystem.Create(_request, NodeId.Root, new FuseCreateIn { Mode = 0x81A4 }, Encoding.UTF8.GetBytes(name), ref reply));
        return reply.Entry.NodeId;
    }

    private List<(string Name, ulong Inode, ulong Cookie)> List(bool withAttributes, ulong directory, ulong cookie, int roomBytes)
    {
        byte[] reply = new byte[roomBytes];
        var arguments = new FuseReadIn { Offset = cookie, Size = (uint)roomBytes };
        int replyBytes;
        if (withAttributes)
        {
            var plus = new FuseDirectoryPlusWriter(reply);
            Assert.Equal(Errno.None, _fileSystem.ReadDirPlus(_request, new NodeId(directory), arguments, ref plus));
            replyBytes = plus.BytesWritten;
        }
        else
        {
            var plain = new FuseDirectoryWriter(reply);
            Assert.Equal(Errno.None, _fileSystem.ReadDir(_request, new NodeId(directory), arguments, ref plain));
            replyBytes = plain.BytesWritten;
        }

        return Parse(reply.AsSpan(0, replyBytes), withAttributes);
    }

    private static List<(string Name, ulong Inode, ulong Cookie)> Parse(ReadOnlySpan<byte> records, bool withAttributes)
    {
        var entries = new List<(string, ulong, ulong)>();
        while (!records.IsEmpty)
        {
            ReadOnlySpan<byte> plain = records[(withAttributes ? 128 : 0)..];
            int nameBytes = BitConverter.ToInt32(plain[16..]);
            string name = Encoding.UTF8.GetString(plain.Slice(24, nameBytes));
            entries.Add((name, BitConverter.ToUInt64(plain), BitConverter.ToUInt64(plain[8..])));
            if (withAttributes)
            {
                Assert.Equal(name is "." or ".." ? 0 : BitConverter.ToUInt64(plain), BitConverter.ToUInt64(records));
            }

            records = records[(withAttributes ? FuseDirectoryPlusWriter.RecordBytes(nameBytes) : FuseDirectoryWriter.RecordBytes(nameBytes))..];
        }

        return entries;
    }
}
