using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Checking;

/// <summary>The corruptions of items, counters and bitmaps that the checker has to find.</summary>
internal static class SeededCorruptions
{
    public static IReadOnlyDictionary<string, SeededCorruption> All { get; } = new Dictionary<string, SeededCorruption>
    {
        ["dentry to a missing inode"] = new(VolumeFindingKind.DentryWithoutInode, (e, s) => e.PutDentry(s.Directory, "ghost", new InodeNumber(123456), InodeType.Regular)),
        ["dentry of another type"] = new(VolumeFindingKind.WrongType, (e, s) => e.PutDentry(s.Directory, "file", s.File, InodeType.Fifo)),
        ["dentry without a reference"] = new(VolumeFindingKind.MissingReference, (e, s) => e.PutDentry(s.Directory, "third", s.File, InodeType.Regular)),
        ["reference deleted"] = new(VolumeFindingKind.MissingReference, (e, s) => e.Delete(e.FirstKey(s.File, ItemType.Reference))),
        ["reference without a dentry"] = new(VolumeFindingKind.DanglingReference, (e, s) => e.PutReference(s.File, new RefItem(InodeNumber.Root, 77 << 4))),
        ["link count of a file"] = new(VolumeFindingKind.LinkCount, (e, s) => e.ChangeInode(s.File, inode => inode with { LinkCount = 3 })),
        ["link count of a directory"] = new(VolumeFindingKind.LinkCount, (e, s) => e.ChangeInode(s.Directory, inode => inode with { LinkCount = 4 })),
        ["orphan not listed"] = new(VolumeFindingKind.OrphanMissing, (e, s) => e.Delete(FileKey.Orphan(s.Orphan))),
        ["orphan with links"] = new(VolumeFindingKind.OrphanExtra, (e, s) => e.Put(FileKey.Orphan(s.File), OrphanItem.Bytes)),
        ["orphan that does not exist"] = new(VolumeFindingKind.OrphanExtra, (e, _) => e.Put(FileKey.Orphan(new InodeNumber(987654)), OrphanItem.Bytes)),
        ["orphan item of nonsense"] = new(VolumeFindingKind.Item, (e, s) => e.Put(FileKey.Orphan(s.Orphan), [1])),
        ["inode of nonsense"] = new(VolumeFindingKind.Item, (e, s) => e.Put(FileKey.Of(s.File, ItemType.Inode), new byte[112])),
        ["inode deleted"] = new(VolumeFindingKind.LostItems, (e, s) => e.Delete(FileKey.Of(s.File, ItemType.Inode))),
        ["root deleted"] = new(VolumeFindingKind.RootDirectory, (e, _) => e.Delete(FileKey.Of(InodeNumber.Root, ItemType.Inode))),
        ["root with a parent"] = new(VolumeFindingKind.RootDirectory, (e, s) => e.PutReference(InodeNumber.Root, new RefItem(s.Directory, 5 << 4))),
        ["name in a file"] = new(VolumeFindingKind.ForeignItem, (e, s) => e.PutDentry(s.File, "x", s.Inline, InodeType.Regular)),
        ["extent of a directory"] = new(VolumeFindingKind.ForeignItem, (e, s) => e.Put(FileKey.Of(s.Directory, ItemType.Extent), e.Items()[e.FirstKey(s.File, ItemType.Extent)])),
        ["item of an unknown type"] = new(VolumeFindingKind.Item, (e, s) => e.Put(FileKey.Of(s.File, (ItemType)9, 3), [1, 2, 3])),
        ["name under another hash"] = new(VolumeFindingKind.HashSlot, (e, s) => e.Move(e.DentryKey(s.Directory, "file"), FileKey.Of(s.Directory, ItemType.Dentry, 0x123450))),
        ["reference under another hash"] = new(VolumeFindingKind.HashSlot, (e, s) => e.Move(e.FirstKey(s.Inline, ItemType.Reference), FileKey.Of(s.Inline, ItemType.Reference, 0x10))),
        ["attribute under another hash"] = new(VolumeFindingKind.HashSlot, (e, s) => e.Move(e.FirstKey(s.File, ItemType.Xattr), FileKey.Of(s.File, ItemType.Xattr, 0x10))),
        ["name twice"] = new(VolumeFindingKind.Duplicate, (e, s) => CopyToNextSlot(e, e.DentryKey(s.Directory, "file"))),
        ["attribute twice"] = new(VolumeFindingKind.Duplicate, (e, s) => CopyToNextSlot(e, e.FirstKey(s.File, ItemType.Xattr))),
        ["name of nonsense"] = new(VolumeFindingKind.Item, (e, s) => e.Put(e.DentryKey(s.Directory, "file"), [1, 2, 3])),
        ["reference of nonsense"] = new(VolumeFindingKind.Item, (e, s) => e.Put(e.FirstKey(s.File, ItemType.Reference), [1, 2, 3])),
        ["attribute of nonsense"] = new(VolumeFindingKind.Item, (e, s) => e.Put(e.FirstKey(s.File, ItemType.Xattr), [200, 0, 0, 0, 0, 0, 0, 0, 1])),
        ["part of an attribute missing"] = new(VolumeFindingKind.XattrData, (e, s) => e.Delete(e.FirstKey(s.File, ItemType.XattrData))),
        ["part of an attribute too many"] = new(VolumeFindingKind.XattrData, (e, s) => e.Put(FileKey.Of(s.File, ItemType.XattrData, FileKey.MaxSub), [1])),
        ["part of an attribute too short"] = new(VolumeFindingKind.XattrData, (e, s) => e.Put(e.FirstKey(s.File, ItemType.XattrData), [1])),
        ["flag of an access list without one"] = new(VolumeFindingKind.AccessList, (e, s) => e.ChangeInode(s.File, inode => inode with { Flags = 1 << 17 })),
        ["access list without its flag"] = new(VolumeFindingKind.AccessList, (e, s) => PutAcl(e, s.File, others: 4)),
        ["access list that is not the mode"] = new(VolumeFindingKind.AccessList, PutWrongAcl),
        ["inline bytes too short"] = new(VolumeFindingKind.InlineLength, (e, s) => e.Put(FileKey.Of(s.Inline, ItemType.Inline), [1, 2, 3])),
        ["inline bytes beside extents"] = new(VolumeFindingKind.InlineLength, (e, s) => e.Put(FileKey.Of(s.File, ItemType.Inline), new byte[2048])),
        ["extents that overlap in the file"] = new(VolumeFindingKind.ExtentOrder, OverlapInFile),
        ["extent outside the image"] = new(VolumeFindingKind.OutsideImage, (e, s) => e.ChangeExtent(s.File, block: 1UL << 40)),
        ["extent at the largest number"] = new(VolumeFindingKind.Item, (e, s) => e.ChangeExtent(s.File, block: ulong.MaxValue - 1)),
        ["extent in the fixed places"] = new(VolumeFindingKind.OutsideImage, (e, s) => e.ChangeExtent(s.File, block: 16)),
        ["extent in a bitmap"] = new(VolumeFindingKind.OutsideImage, (e, s) => e.ChangeExtent(s.File, block: 65)),
        ["extent on the log"] = new(VolumeFindingKind.DoubleUse, (e, s) => e.ChangeExtent(s.File, block: LogBlock(e) + 3)),
        ["extent on another extent"] = new(VolumeFindingKind.DoubleUse, (e, s) => e.ChangeExtent(s.File, block: e.FirstRun(s.Other).First.Value)),
        ["extent of the future"] = new(VolumeFindingKind.Generation, (e, s) => e.ChangeExtent(s.File, generation: 1UL << 40)),
        ["extent of nonsense"] = new(VolumeFindingKind.Item, (e, s) => e.Put(e.FirstKey(s.File, ItemType.Extent), new byte[36])),
        ["block count of an inode"] = new(VolumeFindingKind.BlockCount, (e, s) => e.ChangeInode(s.File, inode => inode with { BlockCount = 99 })),
        ["shared extent counted too high"] = new(VolumeFindingKind.SharedCount, (e, s) => Share(e, e.FirstRun(s.File), 3)),
        ["shared extent not flagged"] = new(VolumeFindingKind.DoubleUse, (e, s) => Share(e, e.FirstRun(s.Other), 2)),
        ["shared extent of nonsense"] = new(VolumeFindingKind.Item, (e, s) => Share(e, e.FirstRun(s.Other), 1)),
        ["item in the system tree"] = new(VolumeFindingKind.Item, (e, _) => e.Put(new TreeKey(1, 1), [1], e.Core.System)),
        ["directories in a circle"] = new(VolumeFindingKind.Unreachable, MakeCircle),
        ["inode counter"] = new(VolumeFindingKind.Counter, (e, _) => e.Core.InodeCount++),
        ["data block counter"] = new(VolumeFindingKind.Counter, (e, _) => e.Core.DataBlockCount--),
        ["next inode number"] = new(VolumeFindingKind.Counter, (e, _) => e.Core.NextInode = new InodeNumber(3)),
        ["leaked blocks"] = new(VolumeFindingKind.Leak, (e, _) => Assert.Equal(Errno.None, e.File.TryAllocateRun(AllocationStream.SmallData, 3, 3, AllocationRight.Ordinary, out BlockRun _))),
        ["blocks in use that are free"] = new(VolumeFindingKind.UsedButFree, (e, s) => Assert.Equal(Errno.None, e.File.Free(e.FirstRun(s.Other).First, 2, mayReuseAtOnce: false))),
    };

    // rw-, r--, r-- and what others may, which is r-- of a file of the sample.
    private static void PutAcl(VolumeEditor editor, InodeNumber inode, byte others)
    {
        byte[] acl = [2, 0, 0, 0, 1, 0, 6, 0, 0xFF, 0xFF, 0xFF, 0xFF, 4, 0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x10, 0, 4, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x20, 0, others, 0, 0xFF, 0xFF, 0xFF, 0xFF];
        ulong sub = FileKey.FirstSub(editor.Core.XattrHashOf(PosixAcl.AccessName));
        editor.Put(FileKey.Of(inode, ItemType.Xattr, sub), new XattrItem(PosixAcl.AccessName, acl.Length, acl).Write(new byte[XattrItem.MaxBytes]));
    }

    private static void PutWrongAcl(VolumeEditor editor, SampleVolume sample)
    {
        editor.ChangeInode(sample.File, inode => inode with { Flags = 1 << 17 });
        PutAcl(editor, sample.File, others: 7);
    }

    private static ulong LogBlock(VolumeEditor editor)
    {
        Assert.True(VolumeControl.TryRead(editor.File.ControlData(), out VolumeControl control));
        return (ulong)control.Ring.OffsetBytes / WriteChunk.BlockSizeBytes;
    }

    private static void CopyToNextSlot(VolumeEditor editor, TreeKey key) => editor.Put(key with { Low = key.Low + 1 }, editor.Items()[key]);

    private static void OverlapInFile(VolumeEditor editor, SampleVolume sample)
    {
        TreeKey key = editor.FirstKey(sample.File, ItemType.Extent);
        editor.Put(key with { Low = key.Low + 1 }, editor.Items()[key]);
    }

    // The extent says that it may be shared, and nobody shares it.
    private static void Share(VolumeEditor editor, BlockRun run, byte count)
    {
        editor.ChangeExtent(new InodeNumber(editor.Items().First(item => item.Key.Type() == ItemType.Extent).Key.High), flags: ExtentFlags.MayBeShared);
        editor.Put(new TreeKey(run.First.Value, (ulong)run.BlockCount), [count, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], editor.Core.SharedExtents);
    }

    private static void MakeCircle(VolumeEditor editor, SampleVolume sample)
    {
        editor.Delete(editor.DentryKey(InodeNumber.Root, "d"));
        editor.Delete(editor.FirstKey(sample.Directory, ItemType.Reference));
        editor.PutDentry(sample.Subdirectory, "up", sample.Directory, InodeType.Directory);
        ulong sub = editor.DentryKey(sample.Subdirectory, "up").Sub();
        editor.PutReference(sample.Directory, new RefItem(sample.Subdirectory, sub));
        editor.ChangeInode(InodeNumber.Root, inode => inode with { LinkCount = inode.LinkCount - 1 });
        editor.ChangeInode(sample.Subdirectory, inode => inode with { LinkCount = inode.LinkCount + 1 });
    }
}
