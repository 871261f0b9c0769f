using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Lets a hole of a file have blocks that were taken for it, as unwritten extents, and makes the file longer if it is to be.</summary>
/// <remarks>Lives on the stack. Answers EAGAIN if the hole is not one any more, or what lies behind the end of the file was not removed yet: the caller gives the blocks
/// back, sees to it, and looks again.</remarks>
/// <param name="owner">Whose write buffer may hold blocks of the file.</param>
/// <param name="inode">A regular file whose bytes are not in its own item.</param>
/// <param name="firstBlock">Where the hole begins.</param>
/// <param name="runs">The blocks; none if only the size changes.</param>
/// <param name="sizeBytes">How long the file is at least then.</param>
internal ref struct AllocateChange(FileData owner, InodeNumber inode, ulong firstBlock, ReadOnlySpan<BlockRun> runs, ulong sizeBytes) : IVolumeChange
{
    private readonly FileData _owner = owner;
    private readonly InodeNumber _inode = inode;
    private readonly ulong _firstBlock = firstBlock;
    private readonly ReadOnlySpan<BlockRun> _runs = runs;
    private readonly ulong _sizeBytes = sizeBytes;
    private InodeItem _before;

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref VolumeView view = ref transaction.View;
        if (!FileData.FindRegular(ref view, _inode, out _before) || !view.RequireMutable(in _before) || !transaction.WillUpdate(_inode))
        {
            return false;
        }

        return (!_before.IsTruncationPending || view.Fail(Errno.EAGAIN)) && PrepareRuns(ref transaction);
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        Span<byte> value = stackalloc byte[ExtentItem.BytesFor(0)];
        InodeItem after = _before;
        ulong block = _firstBlock;
        foreach (BlockRun run in _runs)
        {
            _owner.Allocated(ref transaction, run);
            var extent = new ExtentItem(run.First, transaction.View.Core.Store.Generation, run.BlockCount, ExtentFlags.Unwritten, default);
            transaction.Put(FileKey.Of(_inode, ItemType.Extent, block), extent.Write(value));
            block += (ulong)run.BlockCount;
            after.BlockCount += (ulong)run.BlockCount;
        }

        if (_sizeBytes > after.SizeBytes)
        {
            after.SizeBytes = _sizeBytes;
            after.ModifyTime = transaction.Now;
        }

        after.ChangeTime = transaction.Now;
        transaction.Update(_inode, in _before, in after);
    }

    private readonly bool PrepareRuns(ref VolumeTransaction transaction)
    {
        ulong block = _firstBlock;
        foreach (BlockRun run in _runs)
        {
            transaction.WillLog(FileData.AllocateRecordBytes);
            if (!transaction.WillPut(FileKey.Of(_inode, ItemType.Extent, block), ExtentItem.BytesFor(0)))
            {
                return false;
            }

            block += (ulong)run.BlockCount;
        }

        return _runs.IsEmpty || IsHole(ref transaction.View, block);
    }

    private readonly bool IsHole(ref VolumeView view, ulong endBlock)
    {
        // A file whose bytes are in its own item has no extents.
        if (!FileData.FindInline(ref view, _inode, in _before, out bool isInline))
        {
            return false;
        }

        if (isInline || _owner.HoldsBlocks(_inode, _firstBlock, endBlock))
        {
            return view.Fail(Errno.EAGAIN);
        }

        TreeStatus status = ExtentMap.Find(view.Core.Files, _inode, _firstBlock, endBlock, default, out FileRange range, out NodePointer cold);
        return view.Check(status, cold) && ((range.Place.IsNone && range.EndBlock == endBlock) || view.Fail(Errno.EAGAIN));
    }
}
