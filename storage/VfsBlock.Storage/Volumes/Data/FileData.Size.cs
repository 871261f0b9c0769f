using System.Numerics;
using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Sizes, and blocks in memory one by one.</content>
internal sealed partial class FileData
{
    private const int InlineSliceCount = 2;

    /// <summary>Makes a file shorter or longer.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="sizeBytes">Its new size.</param>
    /// <returns>EFBIG, ENOSPC, EIO, EISDIR, EINVAL, ESTALE.</returns>
    /// <remarks>A file of very many extents has its new size at once; what lies behind it goes in slices, the last of them later (<see cref="TruncationSlice"/>).</remarks>
    [SkipLocalsInit]
    public Errno SetSize(InodeNumber inode, ulong sizeBytes)
    {
        if (sizeBytes > InodeItem.MaxSizeBytes)
        {
            return Errno.EFBIG;
        }

        // The block that the new end cuts is written again, unless the end is at its edge.
        bool needsBlock = sizeBytes > 0;
        Errno error = needsBlock ? ReserveBlocks(1) : Errno.None;
        if (error != Errno.None)
        {
            return error;
        }

        Span<byte> edgeBytes = stackalloc byte[2 * BlockSizeBytes];
        var change = new SetSizeChange(this, inode, sizeBytes, edgeBytes);
        do
        {
            error = Free(ref change);
        }
        while (error == Errno.EAGAIN && (error = BringWhatIsMissing(inode, ref change.Edges, change.IsPaused, change.NeedsTruncation, neededChunkCount: 1)) == Errno.None);

        _space.ReleaseReservation((needsBlock ? 1 : 0) - change.DirtiedBlockCount);
        if (error == Errno.None && change.IsUnfinished)
        {
            ContinueTruncation(inode);
        }

        return error;
    }

    /// <inheritdoc/>
    public Errno FinishTruncation(InodeNumber inode, ref int sliceCount, out bool isFinished)
    {
        var slice = new TruncationSlice(this, inode);
        Errno error = Errno.None;
        while (error == Errno.None && !slice.IsLast && sliceCount-- > 0)
        {
            error = Free(ref slice);
        }

        isFinished = slice.IsLast || error == Errno.ESTALE;
        return error == Errno.ESTALE ? Errno.None : error;
    }

    // The file has its size; what could not be removed now waits as files do that were deleted.
    private void ContinueTruncation(InodeNumber inode)
    {
        int sliceCount = InlineSliceCount;
        FinishTruncation(inode, ref sliceCount, out bool isFinished);
        if (!isFinished)
        {
            _core.LeaveForLater(inode);
        }
    }

    /// <summary>A block of a file in a dirty chunk, to be changed. In a change that is being applied.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="block">The block, counted in the file.</param>
    /// <param name="cover">What the file's extents say of the block.</param>
    /// <param name="isNew">True if it was not there: then its bytes are whatever they are, and unless it is backed it takes a block of a reservation.</param>
    public Span<byte> OpenBlock(InodeNumber inode, ulong block, BlockCover cover, out bool isNew)
    {
        ref WriteChunk chunk = ref Buffer[Buffer.TakeDirty(inode, block / WriteChunk.BlockCount)];
        int bit = (int)(block % WriteChunk.BlockCount);
        isNew = (chunk.ValidMask >> bit & 1) == 0;
        chunk.ValidMask |= 1u << bit;
        chunk.BackedMask |= isNew && cover == BlockCover.Unwritten ? 1u << bit : 0;
        chunk.HoleMask |= isNew && cover == BlockCover.Hole ? 1u << bit : 0;
        return chunk.Lease.Span.Slice(bit * BlockSizeBytes, BlockSizeBytes);
    }

    /// <summary>Forgets blocks of a file that are in memory, from one on. In a change that is being applied.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="fromBlock">The first.</param>
    /// <param name="endBlock">The one behind the last.</param>
    /// <returns>How many of them were counted in the inode, and had no extent.</returns>
    public ulong DropBlocks(InodeNumber inode, ulong fromBlock, ulong endBlock = ulong.MaxValue)
    {
        ulong holeCount = 0;
        for (int slot = 0; slot < Buffer.Capacity && Buffer.FreeCount < Buffer.Capacity; slot++)
        {
            ref WriteChunk chunk = ref Buffer[slot];
            if (chunk.State == ChunkState.Free || chunk.Inode != inode)
            {
                continue;
            }

            ulong chunkBlock = chunk.ChunkIndex * WriteChunk.BlockCount;
            uint dropped = chunk.ValidMask & MaskFrom(chunkBlock, fromBlock) & ~MaskFrom(chunkBlock, endBlock);
            chunk.ValidMask &= ~dropped;
            if (chunk.State == ChunkState.Dirty)
            {
                GiveUpReservation(slot, BitOperations.PopCount(dropped & ~chunk.BackedMask));
                holeCount += (ulong)BitOperations.PopCount(dropped & chunk.HoleMask);
                chunk.BackedMask &= ~dropped;
                chunk.HoleMask &= ~dropped;
                if (chunk.ValidMask == 0)
                {
                    Buffer.Release(slot);
                }
            }
        }

        return holeCount;
    }

    private void GiveUpReservation(int slot, int blockCount)
    {
        if (slot == _placingSlot)
        {
            _droppedWhilePlacing += blockCount;
        }
        else
        {
            _space.ReleaseReservation(blockCount);
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
