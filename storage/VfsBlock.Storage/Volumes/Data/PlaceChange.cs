using System.Numerics;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Gives the blocks of a dirty chunk their place: extents name the new blocks, the blocks that held the older bytes go. Blocks over an unwritten extent go
/// where it lies: until the extent says that they are written, nobody reads there. After that the chunk is frozen and can be written.
/// </summary>
/// <remarks>Lives on the stack. <see cref="FileData"/> took the new blocks before; if the chunk got more blocks since, the change answers EAGAIN.</remarks>
/// <param name="owner">Whose chunk.</param>
/// <param name="slot">Which.</param>
/// <param name="from">Dirty; or placed, to give the blocks another place because they could not be written.</param>
/// <param name="mask">The blocks that it had.</param>
/// <param name="newMask">Those of them that <paramref name="blocks"/> has a place for; the rest have one already.</param>
/// <param name="blocks">The new blocks.</param>
internal ref struct PlaceChange(FileData owner, int slot, ChunkState from, uint mask, uint newMask, in ChunkBlocks blocks) : IVolumeChange
{
    private readonly FileData _owner = owner;
    private readonly int _slot = slot;
    private readonly ChunkState _from = from;
    private readonly uint _mask = mask;
    private readonly uint _newMask = newMask;
    private ChunkBlocks _blocks = blocks;
    private InodeItem _before;

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref WriteChunk chunk = ref _owner.Buffer[_slot];
        if (chunk.State != _from || chunk.ValidMask != _mask || (_mask & ~chunk.BackedMask) != _newMask)
        {
            return transaction.View.Fail(Errno.EAGAIN);
        }

        if (!transaction.View.FindInode(chunk.Inode, out _before)
            || !transaction.WillUpdate(chunk.Inode)
            || !FindBacking(ref transaction.View, in chunk))
        {
            return false;
        }

        for (int first = 0; first < WriteChunk.BlockCount;)
        {
            int count = RunLength(first);
            if (count > 0 && !PrepareRun(ref transaction, chunk.Inode, FirstBlock(in chunk) + (ulong)first, count))
            {
                return false;
            }

            first += Math.Max(count, 1);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        ref WriteChunk chunk = ref _owner.Buffer[_slot];
        chunk.Blocks = _blocks;
        InodeItem after = _before;
        ulong placed = 0;
        ulong removed = (ulong)BitOperations.PopCount(chunk.HoleMask);
        for (int first = 0; first < WriteChunk.BlockCount;)
        {
            int count = RunLength(first);
            if (count > 0)
            {
                removed += ApplyRun(ref transaction, ref chunk, first, count);
                placed += (ulong)count;
            }

            first += Math.Max(count, 1);
        }

        after.BlockCount = after.BlockCount + placed - Math.Min(removed, after.BlockCount);
        transaction.Update(chunk.Inode, in _before, in after);
        _owner.Buffer.Place(_slot);

        // What was set aside is used up; another place, should there be need for one, is a new one, of a block that the file has.
        chunk.BackedMask = 0;
        chunk.HoleMask = 0;
    }

    private static ulong FirstBlock(in WriteChunk chunk) => chunk.ChunkIndex * WriteChunk.BlockCount;

    private static bool PrepareRun(ref VolumeTransaction transaction, InodeNumber inode, ulong block, int count)
    {
        var removal = new ExtentRemoval(inode, block, block + (ulong)count);
        transaction.WillLog(FileData.AllocateRecordBytes + FileData.DataRecordBytes(count));
        return removal.Prepare(ref transaction)
            && transaction.WillPutInRow(FileKey.Of(inode, ItemType.Extent, block), ExtentItem.BytesFor(count), 0);
    }

    private readonly bool IsNew(int index) => (_newMask >> index & 1) != 0;

    // Blocks in a row on the device that are all new, or all set aside before.
    private readonly int RunLength(int first) => WriteBuffer.RunLength(IsNew(first) ? _newMask : _mask & ~_newMask, in _blocks, first);

    // Where the blocks go that have a place already.
    private bool FindBacking(ref VolumeView view, scoped in WriteChunk chunk)
    {
        uint backed = _mask & ~_newMask;
        ulong endBlock = FirstBlock(in chunk) + WriteChunk.BlockCount;
        FileRange range = default;
        for (int index = 0; index < WriteChunk.BlockCount && backed != 0; index++)
        {
            if ((backed >> index & 1) == 0)
            {
                continue;
            }

            ulong block = FirstBlock(in chunk) + (ulong)index;
            if (block >= range.EndBlock)
            {
                TreeStatus status = ExtentMap.Find(view.Core.Files, chunk.Inode, block, endBlock, default, out range, out NodePointer cold);
                if (!view.Check(status, cold))
                {
                    return false;
                }
            }

            if (!range.IsUnwritten || !_owner.CanOverwrite(in range))
            {
                return view.FailDamaged(chunk.Inode);
            }

            _blocks[index] = range.Place.Value + (block - range.FirstBlock);
        }

        return true;
    }

    private readonly ulong ApplyRun(ref VolumeTransaction transaction, ref WriteChunk chunk, int first, int count)
    {
        ulong block = FirstBlock(in chunk) + (ulong)first;
        bool isNew = IsNew(first);
        var removal = new ExtentRemoval(chunk.Inode, block, block + (ulong)count);
        ulong removed = removal.Apply(ref transaction, _owner, keepsBlocks: !isNew);

        Span<uint> checksums = stackalloc uint[WriteChunk.BlockCount];
        ReadOnlySpan<byte> bytes = chunk.Lease.ReadOnlySpan.Slice(first * WriteChunk.BlockSizeBytes, count * WriteChunk.BlockSizeBytes);
        FileData.ChecksumBlocks(bytes, checksums);
        var run = new BlockRun(new BlockNumber(_blocks[first]), count);
        if (isNew)
        {
            _owner.Allocated(ref transaction, run);
        }

        transaction.View.Core.Log.Data(run.First, checksums[..count]);
        Span<byte> value = stackalloc byte[ExtentItem.BytesFor(WriteChunk.BlockCount)];
        var extent = new ExtentItem(run.First, transaction.View.Core.Store.Generation, count, ExtentFlags.None, checksums[..count]);
        transaction.Put(FileKey.Of(chunk.Inode, ItemType.Extent, block), extent.Write(value));
        return removed;
    }
}
