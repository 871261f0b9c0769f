using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>A volume in which all names have the same hash.</summary>
public sealed class VolumeCollisionTests : IDisposable
{
    private const int SlotCount = 16;

    private readonly VolumeFixture _fixture = new(new VolumeOptions { HashMask = 0 });
    private readonly InodeNumber _directory;

    public VolumeCollisionTests() => _directory = _fixture.MakeDirectory("d");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Create_SeventeenthNameOfAHash_HasNoSpace()
    {
        Fill();
        Assert.Equal(Errno.ENOSPC, _fixture.Volume.Create(_directory, "one more"u8, 0, default, out _));
        Assert.Equal(Errno.ENOENT, _fixture.Lookup("one more", _directory));
        Assert.Equal(Errno.EEXIST, _fixture.Volume.Create(_directory, "name 3"u8, 0, default, out _));
        Assert.Equal(Errno.ENOSPC, _fixture.Rename("name 3", "one more", _directory, _directory));
        Assert.Equal(Errno.None, _fixture.Rename("name 3", "name 4", _directory, _directory));
        Assert.Equal(SlotCount - 1, _fixture.Names(_directory).Length);
    }

    [Fact]
    public void Create_AfterUnlink_TakesTheFreeSlotAndMovesNobody()
    {
        Fill();
        Dictionary<string, ulong> before = Cookies();
        _fixture.Unlink("name 5", _directory);
        _fixture.Create("other", _directory);
        Dictionary<string, ulong> after = Cookies();
        Assert.Equal(before["name 5"], after["other"]);
        before.Remove("name 5");
        Assert.All(before, pair => Assert.Equal(pair.Value, after[pair.Key]));
    }

    [Fact]
    public void Lookup_BehindAGap_StillFinds()
    {
        Fill();
        _fixture.Unlink("name 0", _directory);
        _fixture.Unlink("name 7", _directory);
        for (int index = 0; index < SlotCount; index++)
        {
            Assert.Equal(index is 0 or 7 ? Errno.ENOENT : Errno.None, _fixture.Lookup($"name {index}", _directory));
        }
    }

    [Fact]
    public void Link_SeventeenthReferenceOfAHash_HasNoSpace()
    {
        InodeNumber file = _fixture.Create("file");
        for (int index = 0; index < SlotCount - 1; index++)
        {
            InodeNumber directory = _fixture.MakeDirectory($"{index}", _directory);
            Assert.Equal(Errno.None, _fixture.Volume.Link(file, directory, "file"u8, out _));
        }

        Assert.Equal(Errno.ENOSPC, _fixture.Volume.Link(file, _directory, "file"u8, out _));
        Assert.Equal((uint)SlotCount, _fixture.Attributes(file).LinkCount);
        _fixture.Unlink("file", _fixture.Find("3", _directory));
        Assert.Equal(Errno.None, _fixture.Volume.Link(file, _directory, "file"u8, out _));
    }

    [Fact]
    public void SetXattr_SeventeenthOfAHash_HasNoSpace()
    {
        InodeNumber file = _fixture.Create("file");
        for (int index = 0; index < SlotCount; index++)
        {
            Assert.Equal(Errno.None, _fixture.Volume.SetXattr(file, VolumeFixture.Name($"user.{index}"), new byte[2000 + index]));
        }

        Assert.Equal(Errno.ENOSPC, _fixture.Volume.SetXattr(file, "user.more"u8, []));
        Assert.Equal(Errno.None, _fixture.Volume.RemoveXattr(file, "user.7"u8));
        Assert.Equal(Errno.None, _fixture.Volume.SetXattr(file, "user.more"u8, []));
        Assert.Equal(Errno.None, _fixture.Volume.GetXattr(file, "user.15"u8, [], out int valueBytes));
        Assert.Equal(2015, valueBytes);
    }

    private void Fill()
    {
        for (int index = 0; index < SlotCount; index++)
        {
            _fixture.Create($"name {index}", _directory);
        }
    }

    private Dictionary<string, ulong> Cookies() =>
        TestKit.VolumeListing.ReadAll(_fixture.Volume, _directory).ToDictionary(entry => entry.Name, entry => entry.Cookie);
}
