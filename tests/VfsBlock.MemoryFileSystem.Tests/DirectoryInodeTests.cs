using System.Text;
using VfsBlock.Fuse;
using Xunit;

namespace VfsBlock.MemoryFileSystem.Tests;

/// <summary>Cookies of a directory stay good whatever comes and goes.</summary>
public sealed class DirectoryInodeTests
{
    private readonly DirectoryInode _directory = new(NodeId.Root, default, parent: null);
    private readonly Inode _node = new(new NodeId(2), default);

    [Fact]
    public void After_EntriesRemovedWhileListing_MissesNoneAndRepeatsNone()
    {
        Add(0, 10_000);
        var listed = new List<string>();
        ulong cookie = 0;
        while (_directory.After(cookie) is { } entry)
        {
            cookie = entry.Cookie;
            listed.Add(Encoding.ASCII.GetString(entry.NameBytes));
            _directory.Remove(entry);
        }

        Assert.Equal(10_000, listed.Distinct().Count());
        Assert.Equal(10_000, listed.Count);
        Assert.Equal(0, _directory.Count);
    }

    [Fact]
    public void After_CookieOfARemovedEntry_GoesOnBehindIt()
    {
        Add(0, 100);
        DirectoryEntry gone = _directory.Find("50"u8)!;
        for (int number = 10; number < 90; number++)
        {
            _directory.Remove(_directory.Find(Name(number))!);
        }

        Assert.Equal("90", Encoding.ASCII.GetString(_directory.After(gone.Cookie)!.NameBytes));
    }

    [Fact]
    public void Add_NameRemovedBefore_GetsANewCookie()
    {
        Add(0, 1);
        DirectoryEntry first = _directory.Find("0"u8)!;
        _directory.Remove(first);
        Add(0, 1);
        Assert.True(_directory.Find("0"u8)!.Cookie > first.Cookie);
        Assert.Same(_directory.Find("0"u8), _directory.After(0));
    }

    private static byte[] Name(int number) => Encoding.ASCII.GetBytes($"{number}");

    private void Add(int start, int end)
    {
        for (int number = start; number < end; number++)
        {
            _directory.Add(Name(number), _node);
        }
    }
}
