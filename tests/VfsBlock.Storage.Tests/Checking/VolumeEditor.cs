using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Checking;

/// <summary>Changes items of a volume behind its back; closing it makes every checksum right up to the root.</summary>
internal sealed class VolumeEditor(Volume volume)
{
    public Volume Volume { get; } = volume;

    public VolumeCore Core => Volume.Core;

    public BlockFile File => Volume.Image.File;

    /// <summary>Opens the volume on a device, changes it, closes it.</summary>
    public static void Edit(IBlockDevice device, Action<VolumeEditor> edit)
    {
        using Volume volume = Volume.Open(new BorrowedDevice(device));
        edit(new VolumeEditor(volume));
    }

    /// <summary>All items of the file tree as they are now.</summary>
    public SortedDictionary<TreeKey, byte[]> Items()
    {
        TreeKey place = TreeKey.Min;
        SortedDictionary<TreeKey, byte[]> items = [];
        while (true)
        {
            TreeStatus status = Core.Files.FindCeiling(place, out TreeItem item, out NodePointer cold);
            if (status == TreeStatus.NotFound)
            {
                return items;
            }

            if (status == TreeStatus.Cold)
            {
                Assert.Equal(Errno.None, Core.Store.Load(cold));
                continue;
            }

            Assert.Equal(TreeStatus.Ok, status);
            items.Add(item.Key, item.Value.ToArray());
            place = item.Key.Low == ulong.MaxValue ? new TreeKey(item.Key.High + 1, 0) : item.Key with { Low = item.Key.Low + 1 };
        }
    }

    public TreeKey FirstKey(InodeNumber inode, ItemType type) => Items().Keys.First(key => key.Inode() == inode && key.Type() == type);

    public TreeKey DentryKey(InodeNumber directory, string name) =>
        Items().First(item => item.Key.Inode() == directory && item.Key.Type() == ItemType.Dentry
            && DentryItem.TryRead(item.Value, out DentryItem dentry) && dentry.Name.SequenceEqual(SampleVolume.Name(name))).Key;

    public void Put(TreeKey key, ReadOnlySpan<byte> value, Tree? tree = null)
    {
        Prepare(tree ?? Core.Files, key);
        Assert.Equal(TreeStatus.Ok, (tree ?? Core.Files).Put(key, value.ToArray(), out _));
    }

    public void Delete(TreeKey key)
    {
        Prepare(Core.Files, key);
        Assert.Equal(TreeStatus.Ok, Core.Files.Delete(key, out _));
    }

    public void Move(TreeKey from, TreeKey to)
    {
        byte[] value = Items()[from];
        Delete(from);
        Put(to, value);
    }

    public void PutDentry(InodeNumber directory, string name, InodeNumber child, InodeType type)
    {
        ulong sub = FileKey.FirstSub(Core.HashOf(SampleVolume.Name(name)));
        Put(FileKey.Of(directory, ItemType.Dentry, sub), new DentryItem(child, type, SampleVolume.Name(name)).Write(new byte[DentryItem.MaxBytes]));
    }

    public void PutReference(InodeNumber inode, RefItem reference) =>
        Put(FileKey.Of(inode, ItemType.Reference, FileKey.FirstSub(Core.HashOf(reference))), reference.Write(new byte[RefItem.EncodedBytes]));

    public void ChangeInode(InodeNumber number, Func<InodeItem, InodeItem> change)
    {
        TreeKey key = FileKey.Of(number, ItemType.Inode);
        Assert.True(InodeItem.TryRead(Items()[key], out InodeItem inode));
        inode = change(inode);
        Put(key, InodeItem.BytesOf(ref inode));
    }

    /// <summary>Changes the first extent of a file.</summary>
    public void ChangeExtent(InodeNumber inode, ulong? block = null, ulong? generation = null, ExtentFlags? flags = null)
    {
        TreeKey key = FirstKey(inode, ItemType.Extent);
        Assert.True(ExtentItem.TryRead(Items()[key], out ExtentItem extent));
        var changed = new ExtentItem(
            block is { } place ? new BlockNumber(place) : extent.Block, generation ?? extent.Generation, extent.BlockCount, flags ?? extent.Flags, extent.Checksums);
        Put(key, changed.Write(new byte[ExtentItem.MaxBytes]));
    }

    public BlockRun FirstRun(InodeNumber inode)
    {
        Assert.True(ExtentItem.TryRead(Items()[FirstKey(inode, ItemType.Extent)], out ExtentItem extent));
        return new BlockRun(extent.Block, extent.BlockCount);
    }

    private void Prepare(Tree tree, TreeKey key)
    {
        while (tree.Touch(key, out NodePointer cold) != TreeStatus.Ok)
        {
            Assert.Equal(Errno.None, Core.Store.Load(cold));
        }

        Assert.Equal(Errno.None, Core.Store.Reserve(tree.WorstCaseNodeCount(1)));
    }
}
