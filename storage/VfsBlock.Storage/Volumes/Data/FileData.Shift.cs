using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Ranges that are taken out of files or put into them.</content>
internal sealed partial class FileData
{
    /// <summary>Takes a range of whole blocks out of a file.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">How long it is.</param>
    /// <returns>EINVAL, EFBIG, ENOSPC, EISDIR, ENODEV, ESTALE, EIO.</returns>
    public Errno CollapseRange(InodeNumber inode, ulong offsetBytes, ulong lengthBytes) => Shift(inode, offsetBytes, lengthBytes, isInsertion: false);

    /// <summary>Puts a hole of whole blocks into a file.</summary>
    /// <inheritdoc cref="CollapseRange"/>
    public Errno InsertRange(InodeNumber inode, ulong offsetBytes, ulong lengthBytes) => Shift(inode, offsetBytes, lengthBytes, isInsertion: true);

    private Errno Shift(InodeNumber inode, ulong offsetBytes, ulong lengthBytes, bool isInsertion)
    {
        Errno error = CheckRange(offsetBytes, lengthBytes);
        if (error == Errno.None && (offsetBytes | lengthBytes) % BlockSizeBytes != 0)
        {
            error = Errno.EINVAL;
        }

        ulong firstBlock = offsetBytes / BlockSizeBytes;
        var change = new ShiftChange(this, inode, firstBlock, lengthBytes / BlockSizeBytes, isInsertion);
        while (error == Errno.None)
        {
            error = _core.Change(ref change);
            if (error != Errno.EAGAIN)
            {
                return error;
            }

            error = change.NeedsPlacing ? PlaceFile(inode, firstBlock, ulong.MaxValue) : MoveInline(inode);
            if (error == Errno.None && change.NeedsTruncation)
            {
                int sliceCount = int.MaxValue;
                error = FinishTruncation(inode, ref sliceCount, out _);
            }
        }

        return error;
    }
}
