using System.Numerics;
using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Sizes, and blocks in memory one by one.</content>
internal sealed partial class FileData
{
    /// <summary>Makes a file shorter or longer.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="sizeBytes">Its new size.</param>
    /// <returns>EFBIG, ENOSPC, EIO, EISDIR, EINVAL, ESTALE.</returns>
    [SkipLocalsInit]
    public Errno SetSize(InodeNumber inode, ulong sizeBytes)
    {
        if (sizeBytes > InodeItem.MaxSizeBytes)
        {
            return Errno.EFBIG;
        }

        Span<byte> edgeBytes = stackalloc byte[2 * BlockSizeBytes];
        while (true)
        {
            // The block that the new end cuts is written again.
            Errno error = ReserveBlocks(1);
            if (error != Errno.None)
            {
                return error;
            }

            var change = new SetSizeChange(this, inode, sizeBytes, edgeBytes);
            do
            {
                error = _core.Change(ref change);
            }
            while (error == Errno.EAGAIN && (error = BringWhatIsMissing(ref change.Edges, change.IsPaused)) == Errno.None);

            _space.ReleaseReservation(1 - change.DirtiedBlockCount);
            if (error != Errno.None || change.IsDone)
            {
                return error;
            }
        }
    }

    /// <summary>A block of a file in a dirty chunk, to be changed. In a change that is being applied.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="block">The block, counted in the file.</param>
    /// <param name="isNew">True if it was not there: then its bytes are whatever they are, and it takes a block of a reservation.</param>
    public Span<byte> OpenBlock(InodeNumber inode, ulong block, out bool isNew)
    {
        ref WriteChunk chunk = ref Buffer[Buffer.TakeDirty(inode, block / WriteChunk.BlockCount)];
        int bit = (int)(block % WriteChunk.BlockCount);
        isNew = (chunk.ValidMask >> bit & 1) == 0;
        chunk.ValidMask |= 1u << bit;
        return chunk.Lease.Span.Slice(bit * BlockSizeBytes, BlockSizeBytes);
    }

    /// <summary>Forgets blocks of a file that are in memory, from one on. In a change that is being applied.</summary>
    public void DropBlocks(InodeNumber inode, ulong fromBlock)
    {
        for (int slot = 0; slot < Buffer.Capacity; slot++)
        {
            ref WriteChunk chunk = ref Buffer[slot];
            if (chunk.State == ChunkState.Free || chunk.Inode != inode)
            {
                continue;
            }

            uint dropped = chunk.ValidMask & MaskFrom(chunk.ChunkIndex * WriteChunk.BlockCount, fromBlock);
            chunk.ValidMask &= ~dropped;
            if (chunk.State == ChunkState.Dirty)
            {
                _space.ReleaseReservation(BitOperations.PopCount(dropped));
                if (chunk.ValidMask == 0)
                {
                    Buffer.Release(slot);
                }
            }
        }
    }

    // The blocks of a chunk that begins at one block and that are not before another.
    private static uint MaskFrom(ulong chunkBlock, ulong fromBlock)
    {
        if (fromBlock <= chunkBlock)
        {
            return WriteChunk.FullMask;
        }

        ulong skip = fromBlock - chunkBlock;
        return skip >= WriteChunk.BlockCount ? 0 : WriteChunk.FullMask << (int)skip;
    }
}
