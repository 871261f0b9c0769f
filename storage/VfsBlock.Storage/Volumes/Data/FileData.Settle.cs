using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Bringing blocks of one file out of memory, for operations that work with extents.</content>
internal sealed partial class FileData
{
    /// <summary>True if the write buffer holds blocks of a range of a file, dirty or on their way. The volume's lock is held.</summary>
    public bool HoldsBlocks(InodeNumber inode, ulong firstBlock, ulong endBlock)
    {
        for (int slot = 0; slot < Buffer.Capacity && Buffer.FreeCount < Buffer.Capacity; slot++)
        {
            if (Touches(in Buffer[slot], inode, firstBlock, endBlock))
            {
                return true;
            }
        }

        return false;
    }

    // Gives the dirty blocks of a range their place, and waits until they and those before them are on the device.
    private Errno PlaceFile(InodeNumber inode, ulong firstBlock, ulong endBlock)
    {
        for (int slot = 0; slot < Buffer.Capacity && Buffer.FreeCount < Buffer.Capacity; slot++)
        {
            // Seen without the lock: what is wrong is looked at again under it.
            ref WriteChunk chunk = ref Buffer[slot];
            if (chunk.State == ChunkState.Dirty && Touches(in chunk, inode, firstBlock, endBlock) && Place(slot, isUrgent: false) is not Errno.None and var error)
            {
                return error;
            }
        }

        SubmitPlaced();
        lock (_ioTurn)
        {
            Buffer.ReapAll();
        }

        ReleaseWritten();

        // Writes that failed are tried again by a commit.
        return !HasFailed(inode, firstBlock, endBlock) ? Errno.None : _core.MakeRoom is { } makeRoom ? makeRoom() : Errno.EIO;
    }

    private bool HasFailed(InodeNumber inode, ulong firstBlock, ulong endBlock)
    {
        for (int slot = 0; slot < Buffer.Capacity; slot++)
        {
            ref WriteChunk chunk = ref Buffer[slot];
            if (chunk.State == ChunkState.Placed && chunk.Error != Errno.None && Touches(in chunk, inode, firstBlock, endBlock))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Touches(in WriteChunk chunk, InodeNumber inode, ulong firstBlock, ulong endBlock)
    {
        ulong chunkBlock = chunk.ChunkIndex * WriteChunk.BlockCount;
        return chunk.State != ChunkState.Free && chunk.Inode == inode
            && (chunk.ValidMask & MaskFrom(chunkBlock, firstBlock) & ~MaskFrom(chunkBlock, endBlock)) != 0;
    }
}
