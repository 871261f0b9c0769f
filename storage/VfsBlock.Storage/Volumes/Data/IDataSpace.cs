using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Where blocks for files' data come from and go back to; <see cref="BlockFileSpace"/> is one.</summary>
/// <remarks>Any thread may call; it takes a lock of its own, the innermost. No call does I/O but to grow the image.</remarks>
internal interface IDataSpace
{
    /// <summary>Sets blocks aside, so that taking them later cannot fail.</summary>
    /// <returns>ENOSPC.</returns>
    Errno Reserve(int blockCount);

    /// <summary>Gives up what was set aside and not taken.</summary>
    void ReleaseReservation(int blockCount);

    /// <summary>Takes a run of 1 to <paramref name="wantedBlocks"/> blocks out of what was set aside.</summary>
    /// <returns>EIO if the image cannot be read.</returns>
    Errno TakeReserved(AllocationStream stream, int wantedBlocks, out BlockRun run);

    /// <summary>Gives back a run that was taken and not used: it is set aside again.</summary>
    void ReturnReserved(BlockRun run);

    /// <summary>Gives blocks back. They are used again after the next commit, or at once if no log record ever named them.</summary>
    void Free(BlockRun run, bool mayReuseAtOnce);
}
