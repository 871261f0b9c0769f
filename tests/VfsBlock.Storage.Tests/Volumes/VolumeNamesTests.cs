using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeNamesTests : IDisposable
{
    private readonly VolumeFixture _fixture = new();

    private Volume Volume => _fixture.Volume;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Initialize_NewVolume_HasARootThatIsItsOwnParent()
    {
        Assert.Equal(2U, _fixture.Attributes(InodeNumber.Root).LinkCount);
        Assert.Equal(InodeNumber.Root, _fixture.Find(".."));
        Assert.Equal(InodeNumber.Root, _fixture.Find("."));
        Assert.Empty(_fixture.Names());
    }

    [Fact]
    public void Create_NewName_IsFoundWithItsAttributes()
    {
        Timestamp now = _fixture.Clock.Advance();
        Assert.Equal(Errno.None, Volume.Create(InodeNumber.Root, "a"u8, 0x9A4, new Credentials(5, 6), out InodeEntry made));
        Assert.Equal(Errno.None, Volume.Lookup(InodeNumber.Root, "a"u8, out InodeEntry found));
        Assert.Equal(made, found);
        InodeItem attributes = found.Attributes;
        Assert.Equal(0x89A4U, attributes.Mode);
        Assert.Equal(1U, attributes.LinkCount);
        Assert.Equal((5U, 6U), (attributes.UserId, attributes.GroupId));
        Assert.Equal((now, now, now, now), (attributes.AccessTime, attributes.ModifyTime, attributes.ChangeTime, attributes.BirthTime));
        Assert.Equal(now, _fixture.Attributes(InodeNumber.Root).ModifyTime);
        Assert.Equal(now, _fixture.Attributes(InodeNumber.Root).ChangeTime);
    }

    [Fact]
    public void Create_BadNames_AreRefused()
    {
        _fixture.Create("there");
        Assert.Equal(Errno.EEXIST, Make("there"u8));
        Assert.Equal(Errno.EINVAL, Make(""u8));
        Assert.Equal(Errno.EINVAL, Make("."u8));
        Assert.Equal(Errno.EINVAL, Make(".."u8));
        Assert.Equal(Errno.EINVAL, Make("a/b"u8));
        Assert.Equal(Errno.EINVAL, Make("a\0b"u8));
        Assert.Equal(Errno.None, Make(new byte[255].AsSpan().Filled((byte)'x')));
        Assert.Equal(Errno.ENAMETOOLONG, Make(new byte[256].AsSpan().Filled((byte)'x')));
        Assert.Equal(Errno.ENAMETOOLONG, Volume.Lookup(InodeNumber.Root, new byte[256], out _));
        Assert.Equal(Errno.None, Make([0xFF, 0xFE]));
    }

    [Fact]
    public void Create_BadDirectory_IsRefused()
    {
        InodeNumber file = _fixture.Create("file");
        Assert.Equal(Errno.ENOTDIR, Volume.Create(file, "a"u8, 0, default, out _));
        Assert.Equal(Errno.ESTALE, Volume.Create(new InodeNumber(99), "a"u8, 0, default, out _));
        Assert.Equal(Errno.ENOTDIR, Volume.Lookup(file, "a"u8, out _));
        Assert.Equal(Errno.ESTALE, Volume.Lookup(new InodeNumber(99), "a"u8, out _));
        Assert.Equal(Errno.ENOENT, Volume.Lookup(InodeNumber.Root, "a"u8, out _));
    }

    [Fact]
    public void Create_InRemovedDirectoryThatIsHeld_HasNoPlace()
    {
        InodeNumber directory = _fixture.MakeDirectory("d");
        Volume.Hold(directory);
        Assert.Equal(Errno.None, Volume.RemoveDirectory(InodeNumber.Root, "d"u8));
        Assert.Equal(Errno.ENOENT, Volume.Create(directory, "a"u8, 0, default, out _));
        Assert.Equal(Errno.ENOENT, Volume.TemporaryFile(directory, 0, default, out _));
        Assert.Equal(Errno.ESTALE, Volume.Lookup(directory, ".."u8, out _));
        Assert.Empty(_fixture.Names(directory));
        Assert.Equal(0U, _fixture.Attributes(directory).LinkCount);
    }

    [Fact]
    public void MakeDirectory_AndRemove_CountTheParentsLinks()
    {
        InodeNumber outer = _fixture.MakeDirectory("outer");
        InodeNumber inner = _fixture.MakeDirectory("inner", outer);
        Assert.Equal(3U, _fixture.Attributes(outer).LinkCount);
        Assert.Equal(outer, _fixture.Find("..", inner));
        Assert.Equal(Errno.ENOTEMPTY, Volume.RemoveDirectory(InodeNumber.Root, "outer"u8));
        Assert.Equal(Errno.EISDIR, Volume.Unlink(outer, "inner"u8));
        Assert.Equal(Errno.None, Volume.RemoveDirectory(outer, "inner"u8));
        Assert.Equal(2U, _fixture.Attributes(outer).LinkCount);
        _fixture.Create("file", outer);
        Assert.Equal(Errno.ENOTDIR, Volume.RemoveDirectory(outer, "file"u8));
        Assert.Equal(Errno.ENOENT, Volume.RemoveDirectory(outer, "nothing"u8));
    }

    [Fact]
    public void Create_InSetGroupIdDirectory_TakesItsGroup()
    {
        InodeNumber shared = _fixture.MakeDirectory("shared", permissions: 0x5ED);
        Assert.Equal(Errno.None, Volume.Create(shared, "a"u8, 0x1A4, new Credentials(7, 8), out InodeEntry file));
        Assert.Equal((7U, VolumeFixture.User.GroupId), (file.Attributes.UserId, file.Attributes.GroupId));
        Assert.Equal(Errno.None, Volume.MakeDirectory(shared, "d"u8, 0x1ED, new Credentials(7, 8), out InodeEntry directory));
        Assert.Equal(VolumeFixture.User.GroupId, directory.Attributes.GroupId);
        Assert.Equal(0x45EDU, directory.Attributes.Mode);
    }

    [Theory]
    [InlineData(InodeType.CharacterDevice, 0x103UL, 0x103UL)]
    [InlineData(InodeType.BlockDevice, 0xFFF_0010_0FFFUL, 0xFFF_0010_0FFFUL)]
    [InlineData(InodeType.Fifo, 5UL, 0UL)]
    [InlineData(InodeType.Socket, 5UL, 0UL)]
    [InlineData(InodeType.Regular, 5UL, 0UL)]
    public void MakeNode_EachType_IsKept(InodeType type, ulong device, ulong kept)
    {
        Assert.Equal(Errno.None, Volume.MakeNode(InodeNumber.Root, "n"u8, ((uint)type << 12) | 0x1B6, device, default, out InodeEntry node));
        Assert.Equal(type, node.Attributes.Type);
        Assert.Equal(kept, node.Attributes.Device);
    }

    [Theory]
    [InlineData(InodeType.Directory)]
    [InlineData(InodeType.SymbolicLink)]
    [InlineData(InodeType.Unknown)]
    public void MakeNode_OtherType_IsRefused(InodeType type) =>
        Assert.Equal(Errno.EINVAL, Volume.MakeNode(InodeNumber.Root, "n"u8, (uint)type << 12, 0, default, out _));

    [Theory]
    [InlineData(1)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(4095)]
    public void Symlink_AnyTarget_IsRead(int length)
    {
        byte[] target = new byte[length];
        new Random(length).NextBytes(target);
        target.AsSpan().Replace((byte)0, (byte)1);
        Assert.Equal(Errno.None, Volume.Symlink(InodeNumber.Root, "s"u8, target, VolumeFixture.User, out InodeEntry link));
        Assert.Equal((ulong)length, link.Attributes.SizeBytes);
        Assert.Equal(0xA1FFU, link.Attributes.Mode);
        byte[] read = new byte[VolumeLimits.MaxSymlinkBytes];
        Assert.Equal(Errno.None, Volume.ReadLink(link.Number, read, out int readBytes));
        Assert.Equal(target, read[..readBytes]);
        Assert.Equal(Errno.ERANGE, Volume.ReadLink(link.Number, read.AsSpan(0, length - 1), out _));
        _fixture.Unlink("s");
        Assert.Equal(1UL, Volume.InodeCount);
    }

    [Fact]
    public void Symlink_BadTarget_IsRefused()
    {
        Assert.Equal(Errno.ENAMETOOLONG, Volume.Symlink(InodeNumber.Root, "s"u8, new byte[4096], default, out _));
        Assert.Equal(Errno.ENOENT, Volume.Symlink(InodeNumber.Root, "s"u8, [], default, out _));
        Assert.Equal(Errno.EINVAL, Volume.Symlink(InodeNumber.Root, "s"u8, "a\0b"u8, default, out _));
        Assert.Equal(Errno.EINVAL, Volume.ReadLink(_fixture.Create("file"), new byte[10], out _));
    }

    [Fact]
    public void Link_SecondName_IsTheSameInode()
    {
        InodeNumber file = _fixture.Create("a");
        InodeNumber directory = _fixture.MakeDirectory("d");
        Timestamp now = _fixture.Clock.Advance();
        Assert.Equal(Errno.None, Volume.Link(file, directory, "b"u8, out InodeEntry linked));
        Assert.Equal(file, _fixture.Find("b", directory));
        Assert.Equal(2U, linked.Attributes.LinkCount);
        Assert.Equal(now, linked.Attributes.ChangeTime);
        Assert.Equal(now, _fixture.Attributes(directory).ModifyTime);
        now = _fixture.Clock.Advance();
        _fixture.Unlink("a");
        Assert.Equal(1U, _fixture.Attributes(file).LinkCount);
        Assert.Equal(now, _fixture.Attributes(file).ChangeTime);
        Assert.Equal(Errno.EPERM, Volume.Link(directory, InodeNumber.Root, "e"u8, out _));
        Assert.Equal(Errno.EEXIST, Volume.Link(file, directory, "b"u8, out _));
        Assert.Equal(Errno.ESTALE, Volume.Link(new InodeNumber(99), directory, "c"u8, out _));
    }

    [Fact]
    public void Link_BeyondTheLimit_IsRefused()
    {
        using var fixture = new VolumeFixture(new VolumeOptions { MaxLinkCount = 3 });
        InodeNumber file = fixture.Create("a");
        Assert.Equal(Errno.None, fixture.Volume.Link(file, InodeNumber.Root, "b"u8, out _));
        Assert.Equal(Errno.None, fixture.Volume.Link(file, InodeNumber.Root, "c"u8, out _));
        Assert.Equal(Errno.EMLINK, fixture.Volume.Link(file, InodeNumber.Root, "d"u8, out _));
        InodeNumber directory = fixture.MakeDirectory("dir");
        Assert.Equal(Errno.EMLINK, fixture.Volume.MakeDirectory(InodeNumber.Root, "dir2"u8, 0, default, out _));
        fixture.MakeDirectory("sub", directory);
        Assert.Equal(Errno.EMLINK, fixture.Rename("sub", "sub", directory, InodeNumber.Root));
        Assert.Equal(Errno.None, fixture.Rename("dir", "renamed"));
    }

    private Errno Make(ReadOnlySpan<byte> name) => Volume.Create(InodeNumber.Root, name, 0x1A4, VolumeFixture.User, out _);
}
