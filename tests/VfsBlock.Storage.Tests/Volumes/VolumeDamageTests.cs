using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Items that no volume would write: the answer is EIO, for that file, and nothing else happens.</summary>
public sealed class VolumeDamageTests : IDisposable
{
    private readonly List<InodeNumber> _reported = [];
    private readonly VolumeFixture _fixture;
    private readonly InodeNumber _directory;
    private readonly InodeNumber _file;

    public VolumeDamageTests()
    {
        _fixture = new VolumeFixture(new VolumeOptions { DamageFound = _reported.Add });
        _directory = _fixture.MakeDirectory("d");
        _file = _fixture.Create("file", _directory);
    }

    private Volume Volume => _fixture.Volume;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Inode_Damaged_IsReportedAndOthersGoOn()
    {
        Overwrite(FileKey.Of(_file, ItemType.Inode), new byte[InodeItem.EncodedBytes]);
        Assert.Equal(Errno.EIO, Volume.GetAttributes(_file, out _));
        Assert.Equal(Errno.EIO, Volume.Lookup(_directory, "file"u8, out _));
        Assert.Equal(Errno.EIO, Volume.Unlink(_directory, "file"u8));
        Assert.Equal([_file, _file, _file], _reported);
        Assert.Equal(3, Volume.DamageCount);
        _fixture.Create("other", _directory);
    }

    [Fact]
    public void Dentry_ToNowhere_IsReported()
    {
        Plant(FileKey.Of(_directory, ItemType.Dentry, FirstSub("ghost")), new DentryItem(new InodeNumber(77), InodeType.Regular, "ghost"u8));
        Assert.Equal(Errno.EIO, _fixture.Lookup("ghost", _directory));
        Assert.Equal(Errno.EIO, Volume.Unlink(_directory, "ghost"u8));
        List<TestKit.ListedEntry> entries = [];
        var collector = new TestKit.EntryCollector(entries, 10);
        Assert.Equal(Errno.EIO, Volume.ReadDirectoryEntries(_directory, 0, ref collector));
    }

    [Fact]
    public void Dentry_OfAnotherType_IsReported()
    {
        Plant(FileKey.Of(_directory, ItemType.Dentry, FirstSub("file")), new DentryItem(_file, InodeType.Directory, "file"u8));
        Assert.Equal(Errno.EIO, _fixture.Lookup("file", _directory));
        Assert.Equal(Errno.EIO, Volume.RemoveDirectory(_directory, "file"u8));
    }

    [Fact]
    public void Dentry_Garbage_IsReported()
    {
        Overwrite(FileKey.Of(_directory, ItemType.Dentry, FirstSub("file")), [1, 2, 3]);
        Assert.Equal(Errno.EIO, _fixture.Lookup("file", _directory));
        Assert.Equal(Errno.EIO, Volume.Create(_directory, "file"u8, 0, default, out _));
        List<TestKit.ListedEntry> entries = [];
        var collector = new TestKit.EntryCollector(entries, 10);
        Assert.Equal(Errno.EIO, Volume.ReadDirectory(_directory, 0, ref collector));
    }

    [Fact]
    public void Parents_InACircle_EndTheWalk()
    {
        InodeNumber inner = _fixture.MakeDirectory("inner", _directory);
        Overwrite(ReferenceKey(_directory), new RefItem(inner, 5).Write(new byte[16]).ToArray());
        _fixture.MakeDirectory("other");
        Assert.Equal(Errno.EIO, _fixture.Rename("other", "moved", InodeNumber.Root, inner));
    }

    [Fact]
    public void Xattr_WithoutItsParts_IsReported()
    {
        Assert.Equal(Errno.None, Volume.SetXattr(_file, "user.a"u8, new byte[5000]));
        TreeKey chunk = TreeItems.Read(_fixture).Keys.Last(key => key.Type() == ItemType.XattrData);
        var deletion = new Overwriting { Key = chunk };
        Assert.Equal(Errno.None, Volume.Core.Change(ref deletion));
        Assert.Equal(Errno.EIO, Volume.GetXattr(_file, "user.a"u8, new byte[5000], out _));
        Assert.Equal(Errno.EIO, Volume.RemoveXattr(_file, "user.a"u8));
        Assert.Equal(Errno.EIO, Volume.SetXattr(_file, "user.a"u8, [1]));
    }

    [Fact]
    public void Reference_Missing_IsReported()
    {
        var deletion = new Overwriting { Key = ReferenceKey(_file) };
        Assert.Equal(Errno.None, Volume.Core.Change(ref deletion));
        Assert.Equal(Errno.EIO, Volume.Unlink(_directory, "file"u8));
        Assert.Equal(Errno.EIO, _fixture.Rename("file", "b", _directory, _directory));
    }

    [Fact]
    public void LinkCount_TooLow_IsReported()
    {
        _fixture.MakeDirectory("inner", _directory);
        InodeItem inode = _fixture.Attributes(_directory);
        inode.LinkCount = 2;
        Overwrite(FileKey.Of(_directory, ItemType.Inode), InodeItem.BytesOf(ref inode).ToArray());
        Assert.Equal(Errno.EIO, Volume.RemoveDirectory(_directory, "inner"u8));
        Assert.Equal(Errno.EIO, _fixture.Rename("inner", "inner", _directory));
    }

    private ulong FirstSub(string name) => FileKey.FirstSub(Volume.Core.HashOf(VolumeFixture.Name(name)));

    private TreeKey ReferenceKey(InodeNumber inode) =>
        TreeItems.Read(_fixture).Keys.Single(key => key.Inode() == inode && key.Type() == ItemType.Reference);

    private void Plant(TreeKey key, DentryItem dentry) => Overwrite(key, dentry.Write(new byte[DentryItem.MaxBytes]).ToArray());

    private void Overwrite(TreeKey key, byte[] value)
    {
        var overwriting = new Overwriting { Key = key, Value = value };
        Assert.Equal(Errno.None, Volume.Core.Change(ref overwriting));
    }

    private struct Overwriting : IVolumeChange
    {
        public TreeKey Key;
        public byte[]? Value;

        public readonly bool Prepare(ref VolumeTransaction transaction) => transaction.WillPut(Key, Value?.Length ?? 0);

        public readonly void Apply(ref VolumeTransaction transaction)
        {
            if (Value is null)
            {
                transaction.Delete(Key);
            }
            else
            {
                transaction.Put(Key, Value);
            }
        }
    }
}
