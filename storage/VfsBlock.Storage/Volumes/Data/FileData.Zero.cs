using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Ranges that read as zeros.</content>
internal sealed partial class FileData
{
    /// <summary>Makes a range of a file a hole.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">How long it is; beyond the end of the file it takes away what was set aside there.</param>
    /// <returns>EINVAL, EFBIG, ENOSPC, EISDIR, ENODEV, ESTALE, EIO.</returns>
    public Errno PunchHole(InodeNumber inode, ulong offsetBytes, ulong lengthBytes) => MakeZero(inode, offsetBytes, lengthBytes, makesLonger: false);

    /// <summary>Makes a range of a file read as zeros and sets blocks aside for it.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">How long it is.</param>
    /// <param name="keepsSize">False to make the file reach to the end of the range.</param>
    /// <returns>EINVAL, EFBIG, ENOSPC, EISDIR, ENODEV, ESTALE, EIO. After ENOSPC it may read as zeros and have no blocks.</returns>
    public Errno ZeroRange(InodeNumber inode, ulong offsetBytes, ulong lengthBytes, bool keepsSize)
    {
        // New blocks, not those that the range has: these may be named by data records of the log, or shared.
        Errno error = MakeZero(inode, offsetBytes, lengthBytes, makesLonger: !keepsSize);
        return error == Errno.None ? Allocate(inode, offsetBytes, lengthBytes, keepsSize: true) : error;
    }

    [SkipLocalsInit]
    private Errno MakeZero(InodeNumber inode, ulong offsetBytes, ulong lengthBytes, bool makesLonger)
    {
        Errno error = CheckRange(offsetBytes, lengthBytes);
        Span<byte> edgeBytes = stackalloc byte[2 * BlockSizeBytes];
        ulong endBytes = offsetBytes + lengthBytes;
        ulong position = offsetBytes;
        while (error == Errno.None && position < endBytes)
        {
            // A block at each edge; or the one that bytes in the inode's own item move to.
            int reserved = !makesLonger && (position | endBytes) % BlockSizeBytes == 0 ? 0 : 2;
            error = ReserveBlocks(reserved);
            if (error != Errno.None)
            {
                break;
            }

            var change = new ZeroChange(this, inode, position, endBytes, makesLonger, edgeBytes);
            do
            {
                error = Free(ref change);
            }
            while (error == Errno.EAGAIN && (error = BringWhatIsMissing(inode, ref change.Edges, change.IsPaused, change.NeedsTruncation, neededChunkCount: 2)) == Errno.None);

            _space.ReleaseReservation(reserved - change.DirtiedBlockCount);
            position = change.EndBytes;
        }

        return error;
    }
}
