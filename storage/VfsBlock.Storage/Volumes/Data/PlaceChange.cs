using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Gives the blocks of a dirty chunk their place, or those of a placed one that could not be written another: extents name the new blocks, the blocks that held the older bytes go. After that the chunk is
/// frozen and can be written.
/// </summary>
/// <remarks>Lives on the stack. <see cref="FileData"/> took the new blocks before; if the chunk got more blocks since, the change answers EAGAIN.</remarks>
internal ref struct PlaceChange(FileData owner, int slot, ChunkState from, uint mask, in ChunkBlocks blocks) : IVolumeChange
{
    private readonly FileData _owner = owner;
    private readonly int _slot = slot;
    private readonly ChunkState _from = from;
    private readonly uint _mask = mask;
    private ChunkBlocks _blocks = blocks;
    private InodeItem _before;

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref WriteChunk chunk = ref _owner.Buffer[_slot];
        if (chunk.State != _from || chunk.ValidMask != _mask)
        {
            return transaction.View.Fail(Errno.EAGAIN);
        }

        if (!transaction.View.FindInode(chunk.Inode, out _before) || !transaction.WillUpdate(chunk.Inode))
        {
            return false;
        }

        for (int first = 0; first < WriteChunk.BlockCount;)
        {
            int count = WriteBuffer.RunLength(_mask, in _blocks, first);
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
        for (int first = 0; first < WriteChunk.BlockCount;)
        {
            int count = WriteBuffer.RunLength(_mask, in _blocks, first);
            if (count > 0)
            {
                ulong removed = ApplyRun(ref transaction, ref chunk, first, count);
                after.BlockCount = after.BlockCount + (ulong)count - Math.Min(removed, after.BlockCount);
            }

            first += Math.Max(count, 1);
        }

        transaction.Update(chunk.Inode, in _before, in after);
        _owner.Buffer.Place(_slot);
    }

    private static ulong FirstBlock(in WriteChunk chunk) => chunk.ChunkIndex * WriteChunk.BlockCount;

    private static bool PrepareRun(ref VolumeTransaction transaction, InodeNumber inode, ulong block, int count)
    {
        var removal = new ExtentRemoval(inode, block, block + (ulong)count);
        transaction.WillLog(FileData.AllocateRecordBytes + FileData.DataRecordBytes(count));
        return removal.Prepare(ref transaction)
            && transaction.WillPut(FileKey.Of(inode, ItemType.Extent, block), ExtentItem.BytesFor(count));
    }

    private readonly ulong ApplyRun(ref VolumeTransaction transaction, ref WriteChunk chunk, int first, int count)
    {
        ulong block = FirstBlock(in chunk) + (ulong)first;
        var removal = new ExtentRemoval(chunk.Inode, block, block + (ulong)count);
        ulong removed = removal.Apply(ref transaction, _owner);

        Span<uint> checksums = stackalloc uint[WriteChunk.BlockCount];
        ReadOnlySpan<byte> bytes = chunk.Lease.ReadOnlySpan.Slice(first * WriteChunk.BlockSizeBytes, count * WriteChunk.BlockSizeBytes);
        FileData.ChecksumBlocks(bytes, checksums);
        var run = new BlockRun(new BlockNumber(_blocks[first]), count);
        FileData.Used(ref transaction, run, checksums[..count]);

        Span<byte> value = stackalloc byte[ExtentItem.BytesFor(WriteChunk.BlockCount)];
        var extent = new ExtentItem(run.First, transaction.View.Core.Store.Generation, count, ExtentFlags.None, checksums[..count]);
        transaction.Put(FileKey.Of(chunk.Inode, ItemType.Extent, block), extent.Write(value));
        return removed;
    }
}
