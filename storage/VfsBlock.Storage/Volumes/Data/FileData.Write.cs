using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Writing into files.</content>
internal sealed partial class FileData
{
    /// <summary>Writes bytes into a file; they are visible at once and durable after the next sync.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where to.</param>
    /// <param name="data">What; at most <see cref="MaxWriteBytes"/> of it at a time are one change.</param>
    /// <returns>The bytes written, and why not all: EFBIG, ENOSPC, EIO, EISDIR, EINVAL, ESTALE.</returns>
    public IoResult Write(InodeNumber inode, ulong offsetBytes, ReadOnlySpan<byte> data)
    {
        long done = 0;
        while (done < data.Length)
        {
            ReadOnlySpan<byte> piece = data[(int)done..];
            piece = piece[..Math.Min(piece.Length, MaxWriteBytes)];
            Errno error = WritePiece(inode, offsetBytes + (ulong)done, piece);
            if (error != Errno.None)
            {
                return new IoResult(done, error);
            }

            done += piece.Length;
        }

        return IoResult.Ok(done);
    }

    [SkipLocalsInit]
    private Errno WritePiece(InodeNumber inode, ulong offsetBytes, ReadOnlySpan<byte> data)
    {
        if (offsetBytes > InodeItem.MaxSizeBytes || (ulong)data.Length > InodeItem.MaxSizeBytes - offsetBytes)
        {
            return Errno.EFBIG;
        }

        // The blocks that the write touches, and one for bytes that leave the inode's own item.
        ulong lastBlock = (offsetBytes + (ulong)data.Length - 1) / BlockSizeBytes;
        int blockCount = (int)(lastBlock - (offsetBytes / BlockSizeBytes)) + 2;
        Span<byte> edgeBytes = stackalloc byte[2 * BlockSizeBytes];
        var change = new WriteChange(this, inode, offsetBytes, data, edgeBytes);

        // If there is not so much space, the change says how much it really needs: none for what was set aside before.
        change.ReservedBlockCount = _space.Reserve(blockCount) == Errno.None ? blockCount : 0;
        Errno error;
        do
        {
            error = _core.Change(ref change);
            if (error == Errno.ENOSPC && change.ReservedBlockCount < change.NeededBlockCount)
            {
                error = ReserveMore(ref change);
            }
        }
        while (error == Errno.EAGAIN && (error = BringWhatIsMissing(inode, ref change.Edges, change.IsPaused, change.NeedsTruncation, change.NeededChunkCount)) == Errno.None);

        _space.ReleaseReservation(change.ReservedBlockCount - change.DirtiedBlockCount);
        return error == Errno.None ? WriteFullChunks(inode, offsetBytes, data.Length) : error;
    }

    private Errno ReserveMore(ref WriteChange change)
    {
        Errno error = ReserveBlocks(change.NeededBlockCount - change.ReservedBlockCount);
        if (error != Errno.None)
        {
            return error;
        }

        change.ReservedBlockCount = change.NeededBlockCount;
        return Errno.EAGAIN;
    }

    private Errno ReserveBlocks(int blockCount)
    {
        Errno error = _space.Reserve(blockCount);
        if (error == Errno.ENOSPC && _core.MakeSpace is { } makeSpace && makeSpace() == Errno.None)
        {
            error = _space.Reserve(blockCount);
        }

        return error;
    }

    // A change said EAGAIN: a block to read, the rest of a truncation, the end of a pause, or free chunks.
    private Errno BringWhatIsMissing(InodeNumber inode, ref EdgeBlocks edges, bool isPaused, bool needsTruncation, int neededChunkCount)
    {
        if (needsTruncation)
        {
            int sliceCount = int.MaxValue;
            return FinishTruncation(inode, ref sliceCount, out _);
        }

        if (!edges.Missing.IsNone)
        {
            EdgeBlock edge = edges.Missing;
            return ReadEdge(in edge, edges.Receive());
        }

        return isPaused ? WaitForPause() : MakeFreeChunks(neededChunkCount);
    }

    // A block that moved while it was read is not damaged: the change sees that it moved, and asks again.
    private Errno ReadEdge(in EdgeBlock edge, Span<byte> bytes) =>
        IsRead(bytes, edge.Place.OffsetBytes(BlockSizeBytes)) && Crc32C.Compute(bytes) == edge.Checksum ? Errno.None : Errno.EIO;

    // A chunk that is full has nothing to wait for.
    private Errno WriteFullChunks(InodeNumber inode, ulong offsetBytes, int lengthBytes)
    {
        ulong last = (offsetBytes + (ulong)lengthBytes - 1) / WriteChunk.LengthBytes;
        bool isAnyFull = false;
        for (ulong index = offsetBytes / WriteChunk.LengthBytes; index <= last; index++)
        {
            // Found without the lock: a wrong answer is a chunk that is not full, or is written a little early.
            int slot = Buffer.FindFull(inode, index);
            if (slot >= 0)
            {
                // What cannot be placed now stays in memory; a sync reports what goes wrong then.
                Place(slot, isUrgent: false);
                isAnyFull = true;
            }
        }

        if (isAnyFull)
        {
            SubmitPlaced();
        }

        return Errno.None;
    }
}
