using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Where blocks for files' data come from and go back to; <see cref="BlockFileSpace"/> is one.</summary>
/// <remarks>Any thread may call; it takes a lock of its own, the innermost. No call does I/O but <see cref="TakeReserved"/>, to grow the image or to read a part of its bitmap.</remarks>
internal interface IDataSpace
{
    /// <summary>Sets blocks aside, so that taking them later cannot fail.</summary>
    /// <returns>ENOSPC.</returns>
    Errno Reserve(int blockCount);

    /// <summary>Says how many blocks nodes may need when what is dirty gets its place: nobody else is given these.</summary>
    void KeepForPlacing(int blockCount);

    /// <summary>Gives up what was set aside and not taken.</summary>
    void ReleaseReservation(int blockCount);

    /// <summary>
    /// Takes a run of 1 to <paramref name="wantedBlocks"/> blocks out of what was set aside. Nobody else gets them, and a commit at the same time still finds them free.
    /// </summary>
    /// <param name="stream">Near what.</param>
    /// <param name="wantedBlocks">How many.</param>
    /// <param name="mayWait">False to do no I/O: for callers that hold the volume's lock.</param>
    /// <param name="run">The run.</param>
    /// <returns>EIO if the image cannot be read; EAGAIN if that takes I/O.</returns>
    Errno TakeReserved(AllocationStream stream, int wantedBlocks, bool mayWait, out BlockRun run);

    /// <summary>A run that was taken belongs to a file now. In a change that is being applied: the same commit that has the file's extent has it in use.</summary>
    void Use(BlockRun run);

    /// <summary>Gives back a run that was taken and not used: it is set aside again.</summary>
    void ReturnReserved(BlockRun run);

    /// <summary>Gives blocks back. They are used again after the next commit, or at once if no log record ever named them.</summary>
    void Free(BlockRun run, bool mayReuseAtOnce);

    /// <summary>False if blocks that an extent set aside cannot be written to: they lie outside of the image, or in a new node. Only a damaged extent says so.</summary>
    bool CanOverwrite(BlockRun run);
}
