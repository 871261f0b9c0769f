using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Copies between files.</content>
internal sealed partial class FileData
{
    private const int CopyPieceBytes = 4 * BlockSizeBytes;

    /// <summary>Copies a range of a file to another, or to another place in it. Whole blocks are shared, the rest is copied.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="sourceBytes">Where the range begins.</param>
    /// <param name="target">Where to.</param>
    /// <param name="targetBytes">Where it goes.</param>
    /// <param name="lengthBytes">How long it is; it ends at the end of the source.</param>
    /// <param name="copiedBytes">How much was copied, also if an error ended it.</param>
    /// <returns>EINVAL if the ranges overlap in one file; EFBIG, ENOSPC, EISDIR, ENODEV, ESTALE, EIO.</returns>
    /// <remarks>In pieces, each a change of its own.</remarks>
    public Errno Copy(InodeNumber source, ulong sourceBytes, InodeNumber target, ulong targetBytes, ulong lengthBytes, out ulong copiedBytes)
    {
        copiedBytes = 0;
        Errno error = PrepareCopy(source, sourceBytes, target, targetBytes, ref lengthBytes, out bool mayShare);
        while (error == Errno.None && copiedBytes < lengthBytes)
        {
            ulong from = sourceBytes + copiedBytes;
            ulong to = targetBytes + copiedBytes;
            ulong left = lengthBytes - copiedBytes;
            ulong done;
            if (mayShare && from % BlockSizeBytes == 0 && left >= BlockSizeBytes)
            {
                error = Share(source, from / BlockSizeBytes, target, to / BlockSizeBytes, left / BlockSizeBytes, out ulong blockCount);
                done = blockCount * BlockSizeBytes;
                if (error is Errno.EAGAIN or Errno.EMLINK)
                {
                    // The source is not what it was, or too many share it: copy what there is.
                    mayShare = false;
                    error = Errno.None;
                }
            }
            else
            {
                ulong edge = mayShare ? BlockSizeBytes - (from % BlockSizeBytes) : CopyPieceBytes;
                error = CopyBytes(source, from, target, to, (int)Math.Min(left, edge), out done);
                if (done == 0)
                {
                    return error;
                }
            }

            copiedBytes += done;
        }

        return error;
    }

    private Errno PrepareCopy(InodeNumber source, ulong sourceBytes, InodeNumber target, ulong targetBytes, ref ulong lengthBytes, out bool mayShare)
    {
        var query = new CopyQuery(source, target);
        Errno error = _core.Query(ref query);
        mayShare = !query.IsSourceInline && sourceBytes % BlockSizeBytes == targetBytes % BlockSizeBytes;
        if (error != Errno.None)
        {
            return error;
        }

        lengthBytes = Math.Min(lengthBytes, query.SourceSizeBytes - Math.Min(query.SourceSizeBytes, sourceBytes));
        if (targetBytes > InodeItem.MaxSizeBytes || lengthBytes > InodeItem.MaxSizeBytes - targetBytes)
        {
            return Errno.EFBIG;
        }

        bool overlaps = source == target && sourceBytes < targetBytes + lengthBytes && targetBytes < sourceBytes + lengthBytes;
        return overlaps ? Errno.EINVAL : Errno.None;
    }

    // Shares some of the blocks; EAGAIN or EMLINK if they cannot be shared.
    private Errno Share(InodeNumber source, ulong sourceBlock, InodeNumber target, ulong targetBlock, ulong blockCount, out ulong sharedCount)
    {
        sharedCount = 0;
        var change = new ShareChange(this, source, sourceBlock, target, targetBlock, blockCount);
        while (true)
        {
            Errno error = _core.Change(ref change);
            if (error == Errno.None)
            {
                sharedCount = change.BlockCount;
                return Errno.None;
            }

            if (error != Errno.EAGAIN || change.IsSourceGone)
            {
                return error;
            }

            error = change.NeedsSource ? PlaceFile(source, sourceBlock, sourceBlock + blockCount) : MoveInline(target);
            if (error == Errno.None && change.NeedsTruncation)
            {
                int sliceCount = int.MaxValue;
                error = FinishTruncation(target, ref sliceCount, out _);
            }

            if (error != Errno.None)
            {
                return error;
            }
        }
    }

    [SkipLocalsInit]
    private Errno CopyBytes(InodeNumber source, ulong sourceBytes, InodeNumber target, ulong targetBytes, int lengthBytes, out ulong copiedBytes)
    {
        Span<byte> bytes = stackalloc byte[CopyPieceBytes];
        copiedBytes = 0;
        IoResult read = Read(source, sourceBytes, bytes[..lengthBytes]);
        if (!read.Succeeded || read.Bytes == 0)
        {
            return read.Error;
        }

        IoResult written = Write(target, targetBytes, bytes[..(int)read.Bytes]);
        copiedBytes = (ulong)written.Bytes;
        return written.Error;
    }
}
