using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeRenameTests : IDisposable
{
    private readonly VolumeFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Rename_ToAnotherDirectory_MovesTheNameAndSetsTimes()
    {
        InodeNumber from = _fixture.MakeDirectory("from");
        InodeNumber to = _fixture.MakeDirectory("to");
        InodeNumber file = _fixture.Create("a", from);
        InodeItem before = _fixture.Attributes(file);
        Timestamp now = _fixture.Clock.Advance();
        Assert.Equal(Errno.None, _fixture.Rename("a", "b", from, to));
        Assert.Empty(_fixture.Names(from));
        Assert.Equal(file, _fixture.Find("b", to));
        InodeItem after = _fixture.Attributes(file);
        Assert.Equal(now, after.ChangeTime);
        Assert.Equal(before.ModifyTime, after.ModifyTime);
        foreach (InodeNumber parent in new[] { from, to })
        {
            Assert.Equal((now, now), (_fixture.Attributes(parent).ModifyTime, _fixture.Attributes(parent).ChangeTime));
        }
    }

    [Fact]
    public void Rename_Directory_MovesItsParentAndLinkCounts()
    {
        InodeNumber from = _fixture.MakeDirectory("from");
        InodeNumber to = _fixture.MakeDirectory("to");
        InodeNumber moved = _fixture.MakeDirectory("d", from);
        Assert.Equal(Errno.None, _fixture.Rename("d", "d", from, to));
        Assert.Equal((2U, 3U), (_fixture.Attributes(from).LinkCount, _fixture.Attributes(to).LinkCount));
        Assert.Equal(to, _fixture.Find("..", moved));
    }

    [Fact]
    public void Rename_OverFile_ReplacesItUnderTheSameCookie()
    {
        InodeNumber old = _fixture.Create("old");
        InodeNumber replaced = _fixture.Create("new", hold: true);
        ulong cookie = CookieOf("new");
        Timestamp now = _fixture.Clock.Advance();
        Assert.Equal(Errno.None, _fixture.Rename("old", "new"));
        Assert.Equal(old, _fixture.Find("new"));
        Assert.Equal(["new"], _fixture.Names());
        Assert.Equal(cookie, CookieOf("new"));
        Assert.Equal((0U, now), (_fixture.Attributes(replaced).LinkCount, _fixture.Attributes(replaced).ChangeTime));
        _fixture.Volume.Release(replaced);
        Assert.Equal(Errno.ESTALE, _fixture.Volume.GetAttributes(replaced, out _));
    }

    [Fact]
    public void Rename_OverEmptyDirectory_ReplacesIt()
    {
        InodeNumber moved = _fixture.MakeDirectory("a");
        InodeNumber replaced = _fixture.MakeDirectory("b");
        _fixture.Create("inside", moved);
        Assert.Equal(Errno.ENOTEMPTY, _fixture.Rename("b", "a"));
        Assert.Equal(Errno.None, _fixture.Rename("a", "b"));
        Assert.Equal(moved, _fixture.Find("b"));
        Assert.Equal(3U, _fixture.Attributes(InodeNumber.Root).LinkCount);
        Assert.Equal(Errno.ESTALE, _fixture.Volume.GetAttributes(replaced, out _));
    }

    [Fact]
    public void Rename_DifferentKinds_IsRefused()
    {
        _fixture.Create("file");
        _fixture.MakeDirectory("directory");
        Assert.Equal(Errno.EISDIR, _fixture.Rename("file", "directory"));
        Assert.Equal(Errno.ENOTDIR, _fixture.Rename("directory", "file"));
    }

    [Fact]
    public void Rename_DirectoryBelowItself_IsRefused()
    {
        InodeNumber a = _fixture.MakeDirectory("a");
        InodeNumber b = _fixture.MakeDirectory("b", a);
        InodeNumber c = _fixture.MakeDirectory("c", b);
        Assert.Equal(Errno.EINVAL, _fixture.Rename("a", "x", InodeNumber.Root, a));
        Assert.Equal(Errno.EINVAL, _fixture.Rename("a", "x", InodeNumber.Root, c));
        Assert.Equal(Errno.EINVAL, _fixture.Rename("a", "c", InodeNumber.Root, b, RenameFlags.Exchange));
        Assert.Equal(Errno.EINVAL, _fixture.Rename("c", "a", b, InodeNumber.Root, RenameFlags.Exchange));
        Assert.Equal(Errno.ENOTEMPTY, _fixture.Rename("c", "a", b, InodeNumber.Root));
        Assert.Equal(Errno.None, _fixture.Rename("c", "c", b, InodeNumber.Root));
        Assert.Equal(Errno.None, _fixture.Rename("a", "a", InodeNumber.Root, c));
        Assert.Equal(c, _fixture.Find("..", a));
    }

    [Fact]
    public void Rename_TwoNamesOfOneInode_ChangesNothing()
    {
        InodeNumber file = _fixture.Create("a");
        Assert.Equal(Errno.None, _fixture.Volume.Link(file, InodeNumber.Root, "b"u8, out _));
        InodeItem before = _fixture.Attributes(file);
        _fixture.Clock.Advance();
        Assert.Equal(Errno.None, _fixture.Rename("a", "b"));
        Assert.Equal(Errno.None, _fixture.Rename("a", "a"));
        Assert.Equal(Errno.None, _fixture.Rename("a", "b", flags: RenameFlags.Exchange));
        Assert.Equal(["a", "b"], _fixture.Names());
        Assert.Equal(before, _fixture.Attributes(file));
    }

    [Fact]
    public void Rename_NoReplace_KeepsWhatIsThere()
    {
        _fixture.Create("a");
        _fixture.Create("b");
        Assert.Equal(Errno.EEXIST, _fixture.Rename("a", "b", flags: RenameFlags.NoReplace));
        Assert.Equal(Errno.None, _fixture.Rename("a", "c", flags: RenameFlags.NoReplace));
        Assert.Equal(["b", "c"], _fixture.Names());
    }

    [Fact]
    public void Rename_Exchange_SwapsDirectoryAndFile()
    {
        InodeNumber one = _fixture.MakeDirectory("one");
        InodeNumber two = _fixture.MakeDirectory("two");
        InodeNumber file = _fixture.Create("x", one);
        InodeNumber directory = _fixture.MakeDirectory("y", two);
        Timestamp now = _fixture.Clock.Advance();
        Assert.Equal(Errno.None, _fixture.Rename("x", "y", one, two, RenameFlags.Exchange));
        Assert.Equal(directory, _fixture.Find("x", one));
        Assert.Equal(file, _fixture.Find("y", two));
        Assert.Equal(one, _fixture.Find("..", directory));
        Assert.Equal((3U, 2U), (_fixture.Attributes(one).LinkCount, _fixture.Attributes(two).LinkCount));
        Assert.Equal((now, now), (_fixture.Attributes(file).ChangeTime, _fixture.Attributes(directory).ChangeTime));
        Assert.Equal(Errno.ENOENT, _fixture.Rename("x", "nothing", one, two, RenameFlags.Exchange));
    }

    [Fact]
    public void Rename_Whiteout_LeavesTheDevice()
    {
        InodeNumber file = _fixture.Create("a");
        Assert.Equal(Errno.None, _fixture.Volume.Rename(InodeNumber.Root, "a"u8, InodeNumber.Root, "b"u8, RenameFlags.Whiteout, new Credentials(3, 4)));
        Assert.Equal(file, _fixture.Find("b"));
        InodeItem left = _fixture.Attributes(_fixture.Find("a"));
        Assert.Equal((0x2000U, 0UL, 1U, 3U, 4U), (left.Mode, left.Device, left.LinkCount, left.UserId, left.GroupId));
    }

    [Fact]
    public void Rename_BadArguments_AreRefused()
    {
        _fixture.Create("a");
        Assert.Equal(Errno.ENOENT, _fixture.Rename("nothing", "b"));
        Assert.Equal(Errno.EINVAL, _fixture.Rename("a", "b/c"));
        Assert.Equal(Errno.EINVAL, _fixture.Rename("a", "b", flags: RenameFlags.Exchange | RenameFlags.NoReplace));
        Assert.Equal(Errno.EINVAL, _fixture.Rename("a", "b", flags: (RenameFlags)8));
        Assert.Equal(Errno.ENAMETOOLONG, _fixture.Rename("a", new string('b', 256)));
        Assert.Equal(Errno.ESTALE, _fixture.Rename("a", "b", to: new InodeNumber(99)));
        Assert.Equal(Errno.ENOTDIR, _fixture.Rename("a", "b", to: _fixture.Find("a")));
    }

    [Fact]
    public void Rename_IntoRemovedDirectory_HasNoPlace()
    {
        _fixture.Create("a");
        InodeNumber removed = _fixture.MakeDirectory("d");
        _fixture.Volume.Hold(removed);
        Assert.Equal(Errno.None, _fixture.Volume.RemoveDirectory(InodeNumber.Root, "d"u8));
        Assert.Equal(Errno.ENOENT, _fixture.Rename("a", "a", to: removed));
    }

    private ulong CookieOf(string name) =>
        TestKit.VolumeListing.ReadAll(_fixture.Volume, InodeNumber.Root).Single(entry => entry.Name == name).Cookie;
}
