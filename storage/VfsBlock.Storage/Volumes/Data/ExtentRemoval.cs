namespace VfsBlock.Storage;

/// <summary>
/// Takes a range of blocks out of a file's extents: those that lie inside go, those that lie across an edge are cut. Used in both halves of a
/// change: <see cref="Prepare"/> announces exactly what <see cref="Apply"/> then does.
/// </summary>
/// <remarks>Lives on the stack of a change, the volume's lock held exclusively.</remarks>
/// <param name="inode">The file.</param>
/// <param name="firstBlock">The first block that goes, counted in the file.</param>
/// <param name="endBlock">The block behind the last one.</param>
internal readonly ref struct ExtentRemoval(InodeNumber inode, ulong firstBlock, ulong endBlock)
{
    private readonly InodeNumber _inode = inode;
    private readonly ulong _firstBlock = firstBlock;
    private readonly ulong _endBlock = endBlock;

    /// <summary>Announces the items that change.</summary>
    /// <param name="transaction">The change.</param>
    /// <returns>Whether to go on.</returns>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ulong block = _firstBlock;
        while (block < _endBlock)
        {
            if (!FindFrom(ref transaction.View, block, out bool exists, out ulong first, out TreeItem item))
            {
                return false;
            }

            if (!exists)
            {
                return true;
            }

            if (!ExtentItem.TryRead(item.Value, out ExtentItem extent))
            {
                return transaction.View.FailDamaged(_inode);
            }

            ulong end = first + (ulong)extent.BlockCount;
            if (!Announce(ref transaction, item.Key, extent, first, end))
            {
                return false;
            }

            block = end;
        }

        return true;
    }

    /// <summary>Removes them.</summary>
    /// <param name="transaction">The change.</param>
    /// <param name="space">Where their blocks go.</param>
    /// <param name="keepsBlocks">True if the file goes on using the blocks.</param>
    /// <returns>How many blocks the extents no longer have.</returns>
    public ulong Apply(ref VolumeTransaction transaction, FileData space, bool keepsBlocks = false)
    {
        ulong removed = 0;
        Span<byte> copy = stackalloc byte[ExtentItem.MaxBytes];
        ulong block = _firstBlock;
        while (block < _endBlock && FindFrom(ref transaction.View, block, out bool exists, out ulong first, out TreeItem item) && exists)
        {
            item.Value.CopyTo(copy);
            ExtentItem.TryRead(copy[..item.Value.Length], out ExtentItem extent);
            ulong end = first + (ulong)extent.BlockCount;
            ulong cutFirst = Math.Max(first, _firstBlock);
            ulong cutEnd = Math.Min(end, _endBlock);
            ExtentFlags flags = extent.Flags;
            Cut(ref transaction, item.Key, first, extent, cutFirst, cutEnd);
            var run = new BlockRun(extent.Block.Plus(cutFirst - first), (int)(cutEnd - cutFirst));
            if (!keepsBlocks)
            {
                space.Free(ref transaction, run, flags);
            }

            removed += (ulong)run.BlockCount;
            block = end;
        }

        return removed;
    }

    private bool Announce(ref VolumeTransaction transaction, TreeKey key, scoped ExtentItem extent, ulong first, ulong end)
    {
        ulong cutFirst = Math.Max(first, _firstBlock);
        ulong cutEnd = Math.Min(end, _endBlock);
        var run = new BlockRun(extent.Block.Plus(cutFirst - first), (int)(cutEnd - cutFirst));
        int headBytes = first < cutFirst ? extent.EncodedBytes : 0;
        return transaction.WillPutInRow(key, headBytes, extent.EncodedBytes)
            && (end <= cutEnd || transaction.WillPutInRow(FileKey.Of(_inode, ItemType.Extent, cutEnd), extent.EncodedBytes, 0))
            && FileData.PrepareFree(ref transaction, run, extent.Flags);
    }

    // The extent that holds the block, or else the first behind it that begins before the end.
    private bool FindFrom(ref VolumeView view, ulong block, out bool exists, out ulong first, out TreeItem item)
    {
        Tree tree = view.Core.Files;
        first = 0;
        exists = false;
        TreeStatus status = tree.FindFloor(FileKey.Of(_inode, ItemType.Extent, block), out item, out NodePointer cold);
        if (!view.Check(status, cold))
        {
            return false;
        }

        if (status == TreeStatus.Ok && ExtentMap.IsExtentOf(item.Key, _inode) && ExtentItem.TryRead(item.Value, out ExtentItem extent)
            && item.Key.Sub() + (ulong)extent.BlockCount > block)
        {
            first = item.Key.Sub();
            exists = true;
            return true;
        }

        if (!view.FindNext(_inode, ItemType.Extent, block, out exists, out item))
        {
            return false;
        }

        first = exists ? item.Key.Sub() : 0;
        exists = exists && first < _endBlock;
        return true;
    }

    // What is left of an extent on both sides of the cut.
    private void Cut(ref VolumeTransaction transaction, TreeKey key, ulong first, scoped ExtentItem extent, ulong cutFirst, ulong cutEnd)
    {
        Span<byte> bytes = stackalloc byte[ExtentItem.MaxBytes];
        int headCount = (int)(cutFirst - first);
        int tailFrom = (int)(cutEnd - first);
        if (tailFrom < extent.BlockCount)
        {
            transaction.Put(FileKey.Of(_inode, ItemType.Extent, cutEnd), extent.Part(tailFrom, extent.BlockCount - tailFrom).Write(bytes));
        }

        if (headCount > 0)
        {
            transaction.Put(key, extent.Part(0, headCount).Write(bytes));
        }
        else
        {
            transaction.Delete(key);
        }
    }
}
