using System.Diagnostics;

namespace VfsBlock.Storage;

/// <summary>Where the data of files lies: reads the EXTENT items of a file tree (FORMAT.md section 4.6).</summary>
/// <remarks>Stateless. The caller holds the volume's lock, shared, and starts again when a node is cold.</remarks>
internal static class ExtentMap
{
    /// <summary>The last block of a file that there can be, plus one.</summary>
    public const ulong EndBlock = InodeItem.MaxSizeBytes / WriteChunk.BlockSizeBytes + 1;

    /// <summary>How much more work an extent with shared blocks is: it may change several items of their tree.</summary>
    public const int SharedExtentWeight = 8;

    /// <summary>The range that begins at a block of a file: as long as everything in it is the same and ends before <paramref name="endBlock"/>.</summary>
    /// <param name="tree">The file tree.</param>
    /// <param name="inode">The file.</param>
    /// <param name="block">The first block.</param>
    /// <param name="endBlock">Where to stop looking.</param>
    /// <param name="checksums">Where the checksums of written blocks go; the range is no longer than there is room for. Empty: they are not wanted.</param>
    /// <param name="range">What was found.</param>
    /// <param name="cold">The node to load, or the damaged one.</param>
    /// <returns>Ok, Cold or Damaged.</returns>
    public static TreeStatus Find(
        Tree tree, InodeNumber inode, ulong block, ulong endBlock, Span<uint> checksums, out FileRange range, out NodePointer cold)
    {
        range = default;
        TreeKey key = FileKey.Of(inode, ItemType.Extent, block);
        TreeStatus status = tree.FindFloor(key, out TreeItem item, out cold);
        if (status == TreeStatus.Ok && IsExtentOf(item.Key, inode))
        {
            if (!ExtentItem.TryRead(item.Value, out ExtentItem extent))
            {
                return TreeStatus.Damaged;
            }

            ulong skip = block - item.Key.Sub();
            if (skip < (ulong)extent.BlockCount)
            {
                range = Covered(extent, block, skip, endBlock, checksums);
                return TreeStatus.Ok;
            }
        }

        return status is TreeStatus.Ok or TreeStatus.NotFound ? FindHole(tree, inode, block, endBlock, out range, out cold) : status;
    }

    /// <summary>Where a range must end so that no more than so much work lies in it: an extent counts one, one that may be shared as many as <see cref="SharedExtentWeight"/>.</summary>
    /// <param name="view">The volume.</param>
    /// <param name="inode">The file.</param>
    /// <param name="firstBlock">Where the range begins.</param>
    /// <param name="endBlock">Where it should end; it becomes the beginning of the first extent that is too much. At least one extent is never too much.</param>
    /// <param name="maxWeight">The work, 1 or more.</param>
    /// <returns>Whether to go on.</returns>
    public static bool Limit(ref VolumeView view, InodeNumber inode, ulong firstBlock, ref ulong endBlock, int maxWeight)
    {
        var cursor = new TreeCursor(view.Core.Files);
        TreeStatus status = cursor.SeekFloor(FileKey.Of(inode, ItemType.Extent, firstBlock));
        if (status == TreeStatus.NotFound || (status == TreeStatus.Ok && !IsExtentOf(cursor.Key, inode)))
        {
            status = cursor.SeekCeiling(FileKey.Of(inode, ItemType.Extent, firstBlock));
        }

        int weight = 0;
        while (status == TreeStatus.Ok && IsExtentOf(cursor.Key, inode) && cursor.Key.Sub() < endBlock)
        {
            if (!ExtentItem.TryRead(cursor.Value, out ExtentItem extent))
            {
                return view.FailDamaged(inode);
            }

            if (weight >= maxWeight)
            {
                endBlock = cursor.Key.Sub();
                break;
            }

            bool isInside = cursor.Key.Sub() + (ulong)extent.BlockCount > firstBlock;
            weight += !isInside ? 0 : (extent.Flags & ExtentFlags.MayBeShared) != 0 ? SharedExtentWeight : 1;
            status = cursor.MoveNext();
        }

        return view.Check(status, cursor.Cold);
    }

    /// <summary>True if an item is an extent of this file.</summary>
    public static bool IsExtentOf(TreeKey key, InodeNumber inode) => key.Inode() == inode && key.Type() == ItemType.Extent;

    private static FileRange Covered(in ExtentItem extent, ulong block, ulong skip, ulong endBlock, Span<uint> checksums)
    {
        ulong count = Math.Min((ulong)extent.BlockCount - skip, endBlock - block);
        if (!extent.IsUnwritten && !checksums.IsEmpty)
        {
            count = Math.Min(count, (ulong)checksums.Length);
            extent.Checksums.Slice((int)skip, (int)count).CopyTo(checksums);
        }

        return new FileRange(block, count, extent.Block.Plus(skip), extent.Generation, extent.IsUnwritten);
    }

    private static TreeStatus FindHole(Tree tree, InodeNumber inode, ulong block, ulong endBlock, out FileRange range, out NodePointer cold)
    {
        Debug.Assert(block < endBlock, "an empty range has nothing in it");
        range = default;
        TreeStatus status = tree.FindCeiling(FileKey.Of(inode, ItemType.Extent, block), out TreeItem next, out cold);
        if (status is TreeStatus.Cold or TreeStatus.Damaged)
        {
            return status;
        }

        ulong end = endBlock;
        if (status == TreeStatus.Ok && IsExtentOf(next.Key, inode))
        {
            end = Math.Min(end, next.Key.Sub());
        }

        range = new FileRange(block, end - block, BlockNumber.None, 0, IsUnwritten: false);
        return TreeStatus.Ok;
    }
}
