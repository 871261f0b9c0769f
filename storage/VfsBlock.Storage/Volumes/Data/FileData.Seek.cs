using System.Numerics;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Data and holes.</content>
internal sealed partial class FileData
{
    /// <summary>Finds the next data or the next hole.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where to begin.</param>
    /// <param name="wantsData">True for data, false for a hole.</param>
    /// <param name="foundBytes">Where it begins: not before <paramref name="offsetBytes"/>.</param>
    /// <returns>ENXIO, EISDIR, ENODEV, ESTALE, EIO.</returns>
    public Errno Seek(InodeNumber inode, ulong offsetBytes, bool wantsData, out ulong foundBytes)
    {
        var query = new SeekQuery(this, inode, offsetBytes, wantsData);
        Errno error;
        do
        {
            error = _core.Query(ref query);
        }
        while (error == Errno.None && !query.IsDone);

        foundBytes = query.OffsetBytes;
        return error;
    }

    /// <summary>The first block of a file, from one on, that the write buffer holds; the highest number if there is none. The volume's lock is held.</summary>
    public ulong NextHeldBlock(InodeNumber inode, ulong block)
    {
        ulong next = ulong.MaxValue;
        for (int slot = 0; slot < Buffer.Capacity && Buffer.FreeCount < Buffer.Capacity; slot++)
        {
            ref WriteChunk chunk = ref Buffer[slot];
            if (Touches(in chunk, inode, block, ulong.MaxValue))
            {
                ulong chunkBlock = chunk.ChunkIndex * WriteChunk.BlockCount;
                uint held = chunk.ValidMask & MaskFrom(chunkBlock, block);
                next = Math.Min(next, chunkBlock + (ulong)BitOperations.TrailingZeroCount(held));
            }
        }

        return next;
    }
}
