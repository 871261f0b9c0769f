namespace VfsBlock.Interop;

/// <summary>
/// Makes as many system calls as a transfer needs: over interruptions, short counts, lists of more than 1024 pieces and
/// more bytes than one call moves. Keeps no state; allocates nothing.
/// </summary>
internal static class TransferLoop
{
    /// <summary>The offset that means the descriptor's own position to preadv2(2) and pwritev2(2).</summary>
    public const long OwnPosition = -1;

    /// <summary>MAX_RW_COUNT: the kernel moves no more in one call, 0x7ffff000 bytes with pages of 4 KiB.</summary>
    public static readonly long MaxBytesPerCall = int.MaxValue & ~(Environment.SystemPageSize - 1);

    /// <summary>Moves everything, or says how much and why not more.</summary>
    /// <param name="transfer">The system call.</param>
    /// <param name="vectors">The memory; any number of pieces, empty ones and none at all included.</param>
    /// <param name="offsetBytes">Where in the file, or <see cref="OwnPosition"/>.</param>
    /// <param name="flags">Passed to every call. One of the per-call flags limits the transfer to a single call.</param>
    public static IoResult Run<TTransfer>(
        TTransfer transfer,
        ReadOnlySpan<IoVec> vectors,
        long offsetBytes,
        RwFlags flags)
        where TTransfer : ISystemTransfer
    {
        if (!IoVecCursor.TrySum(vectors, out long totalBytes) || offsetBytes > long.MaxValue - totalBytes)
        {
            return IoResult.Fail(Errno.EINVAL);
        }

        bool isWhole = (flags & TTransfer.PerCallFlags) != RwFlags.None;
        if (isWhole && (vectors.Length > IoVecCursor.MaxVectorsPerCall || totalBytes > MaxBytesPerCall))
        {
            return IoResult.Fail(Errno.EINVAL);
        }

        var cursor = new IoVecCursor(vectors);
        long doneBytes = 0;
        while (doneBytes < totalBytes)
        {
            long at = offsetBytes == OwnPosition ? OwnPosition : offsetBytes + doneBytes;
            long returned = transfer.Call(cursor.Next(), at, flags);
            if (returned == -(long)Errno.EINTR)
            {
                continue;
            }

            if (returned <= 0)
            {
                return new IoResult(doneBytes, returned == 0 ? TTransfer.NothingMoved : (Errno)(int)-returned);
            }

            if (returned > totalBytes - doneBytes)
            {
                // No kernel does this. Believing it would run past the caller's list.
                return new IoResult(doneBytes, Errno.EIO);
            }

            cursor.Advance(returned);
            doneBytes += returned;
            if (isWhole && doneBytes < totalBytes)
            {
                return new IoResult(doneBytes, (flags & RwFlags.NoWait) != RwFlags.None ? Errno.EAGAIN : Errno.EIO);
            }
        }

        return IoResult.Ok(doneBytes);
    }
}
