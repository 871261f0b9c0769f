using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Takes a range of blocks out of a file, or puts a hole into it; what lies behind moves.</summary>
/// <remarks>
/// Lives on the stack. All of it is one change, since a file of which a part has moved is none that anybody wrote; so a file with more than
/// <see cref="MaxExtents"/> extents behind the place is refused: EFBIG. Answers EAGAIN while blocks behind the place are in memory.
/// </remarks>
/// <param name="owner">Whose blocks.</param>
/// <param name="inode">A regular file.</param>
/// <param name="firstBlock">Where the range begins, counted in the file.</param>
/// <param name="blockCount">How long it is.</param>
/// <param name="isInsertion">True to put a hole in, false to take the range out.</param>
internal ref struct ShiftChange(FileData owner, InodeNumber inode, ulong firstBlock, ulong blockCount, bool isInsertion) : IVolumeChange
{
    /// <summary>The most extents that move.</summary>
    public const int MaxExtents = 1024;

    private const int BlockSizeBytes = WriteChunk.BlockSizeBytes;

    private readonly FileData _owner = owner;
    private readonly InodeNumber _inode = inode;
    private readonly ulong _firstBlock = firstBlock;
    private readonly ulong _blockCount = blockCount;
    private readonly bool _isInsertion = isInsertion;
    private InodeItem _before;

    /// <summary>True if the change could not go on because what lies behind the end of the file was not removed yet.</summary>
    public bool NeedsTruncation { get; private set; }

    /// <summary>True if the change could not go on because blocks of the file are in memory.</summary>
    public bool NeedsPlacing { get; private set; }

    // What moves begins here.
    private readonly ulong MovedBlock => _isInsertion ? _firstBlock : _firstBlock + _blockCount;

    private readonly ulong LengthBytes => _blockCount * BlockSizeBytes;

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref VolumeView view = ref transaction.View;
        NeedsTruncation = false;
        NeedsPlacing = false;
        if (!FileData.FindRegular(ref view, _inode, out _before)
            || !view.RequireFree(in _before)
            || !CheckRange(ref view)
            || !FileData.FindInline(ref view, _inode, in _before, out bool isInline)
            || !transaction.WillUpdate(_inode))
        {
            return false;
        }

        NeedsTruncation = _before.IsTruncationPending;
        NeedsPlacing = _owner.HoldsBlocks(_inode, _firstBlock, ulong.MaxValue);
        return (!(NeedsTruncation || NeedsPlacing || isInline) || view.Fail(Errno.EAGAIN))
            && CheckCount(ref view)
            && (_isInsertion || PrepareRemoval(ref transaction))
            && PrepareMoves(ref transaction);
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        InodeItem after = _before;
        if (_isInsertion)
        {
            MoveUp(ref transaction);
            after.SizeBytes += LengthBytes;
        }
        else
        {
            var removal = new ExtentRemoval(_inode, _firstBlock, MovedBlock);
            after.BlockCount -= Math.Min(removal.Apply(ref transaction, _owner), after.BlockCount);
            MoveDown(ref transaction);
            after.SizeBytes -= LengthBytes;
        }

        after.SetChanged(transaction.Now);
        transaction.Update(_inode, in _before, in after);
    }

    private readonly bool CheckRange(ref VolumeView view)
    {
        if (_isInsertion)
        {
            return (_firstBlock * BlockSizeBytes < _before.SizeBytes || view.Fail(Errno.EINVAL))
                && (LengthBytes <= InodeItem.MaxSizeBytes - _before.SizeBytes || view.Fail(Errno.EFBIG));
        }

        return MovedBlock * BlockSizeBytes < _before.SizeBytes || view.Fail(Errno.EINVAL);
    }

    private readonly bool CheckCount(ref VolumeView view)
    {
        ulong end = ExtentMap.EndBlock;
        ulong removedEnd = MovedBlock;
        return ExtentMap.Limit(ref view, _inode, _firstBlock, ref end, MaxExtents)
            && ExtentMap.Limit(ref view, _inode, _firstBlock, ref removedEnd, MaxExtents / ExtentMap.SharedExtentWeight)
            && ((end == ExtentMap.EndBlock && removedEnd == MovedBlock) || view.Fail(Errno.EFBIG));
    }

    private readonly bool PrepareRemoval(ref VolumeTransaction transaction) =>
        new ExtentRemoval(_inode, _firstBlock, MovedBlock).Prepare(ref transaction);

    private readonly bool PrepareMoves(ref VolumeTransaction transaction)
    {
        var cursor = new TreeCursor(transaction.View.Core.Files);
        TreeStatus status = cursor.SeekFloor(FileKey.Of(_inode, ItemType.Extent, FileKey.MaxSub));
        while (status == TreeStatus.Ok && ExtentMap.IsExtentOf(cursor.Key, _inode))
        {
            TreeKey key = cursor.Key;
            if (!ExtentItem.TryRead(cursor.Value, out ExtentItem extent))
            {
                return transaction.View.FailDamaged(_inode);
            }

            if (key.Sub() + (ulong)extent.BlockCount <= MovedBlock)
            {
                break;
            }

            if (!transaction.WillMove(key, FileKey.Of(_inode, ItemType.Extent, Target(Math.Max(key.Sub(), MovedBlock))), extent.EncodedBytes))
            {
                return false;
            }

            status = cursor.MovePrevious();
        }

        return transaction.View.Check(status, cursor.Cold);
    }

    private readonly ulong Target(ulong block) => _isInsertion ? block + _blockCount : block - _blockCount;

    // From the last extent on, so that none moves to where another still is.
    private readonly void MoveUp(ref VolumeTransaction transaction)
    {
        Span<byte> copy = stackalloc byte[ExtentItem.MaxBytes];
        Span<byte> value = stackalloc byte[ExtentItem.MaxBytes];
        ulong limit = FileKey.MaxSub;
        while (transaction.View.Core.Files.FindFloor(FileKey.Of(_inode, ItemType.Extent, limit), out TreeItem item, out _) == TreeStatus.Ok
            && ExtentMap.IsExtentOf(item.Key, _inode))
        {
            TreeKey key = item.Key;
            item.Value.CopyTo(copy);
            ExtentItem.TryRead(copy[..item.Value.Length], out ExtentItem extent);
            ulong first = key.Sub();
            if (first + (ulong)extent.BlockCount <= MovedBlock)
            {
                return;
            }

            int stayCount = (int)(Math.Max(first, MovedBlock) - first);
            if (stayCount > 0)
            {
                transaction.Put(key, extent.Part(0, stayCount).Write(value));
            }
            else
            {
                transaction.Delete(key);
            }

            ExtentItem moved = extent.Part(stayCount, extent.BlockCount - stayCount);
            transaction.Put(FileKey.Of(_inode, ItemType.Extent, Target(first + (ulong)stayCount)), moved.Write(value));
            if (first <= MovedBlock)
            {
                return;
            }

            limit = first - 1;
        }
    }

    // After the removal every extent begins before the range or behind it.
    private readonly void MoveDown(ref VolumeTransaction transaction)
    {
        Span<byte> copy = stackalloc byte[ExtentItem.MaxBytes];
        ulong from = MovedBlock;
        while (transaction.View.Core.Files.FindCeiling(FileKey.Of(_inode, ItemType.Extent, from), out TreeItem item, out _) == TreeStatus.Ok
            && ExtentMap.IsExtentOf(item.Key, _inode))
        {
            TreeKey key = item.Key;
            int length = item.Value.Length;
            item.Value.CopyTo(copy);
            transaction.Delete(key);
            transaction.Put(FileKey.Of(_inode, ItemType.Extent, Target(key.Sub())), copy[..length]);
            from = key.Sub() + 1;
        }
    }
}
