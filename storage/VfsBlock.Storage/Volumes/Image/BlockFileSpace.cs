using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Blocks for files' data out of a block file.</summary>
/// <remarks>Threads and lock: the file's. Owns nothing.</remarks>
internal sealed class BlockFileSpace(BlockFile file) : IDataSpace
{
    private readonly BlockFile _file = file;

    /// <inheritdoc/>
    public Errno Reserve(int blockCount) => _file.Reserve(blockCount);

    /// <inheritdoc/>
    public void KeepForPlacing(int blockCount) => _file.KeepForPlacing(blockCount);

    /// <inheritdoc/>
    public void ReleaseReservation(int blockCount) => _file.ReleaseReservation(blockCount);

    /// <inheritdoc/>
    public Errno TakeReserved(AllocationStream stream, int wantedBlocks, bool mayWait, out BlockRun run) =>
        mayWait ? _file.HoldReserved(stream, wantedBlocks, out run) : _file.HoldReservedAtOnce(stream, wantedBlocks, out run);

    /// <inheritdoc/>
    public void Use(BlockRun run) => _file.UseHeld(run);

    /// <inheritdoc/>
    public void ReturnReserved(BlockRun run)
    {
        _file.ReleaseHeld(run);
        if (_file.Reserve(run.BlockCount, AllocationRight.Reserved) != Errno.None)
        {
            throw new InvalidOperationException($"{run} were given back and cannot be set aside again");
        }
    }

    /// <inheritdoc/>
    public void Free(BlockRun run, bool mayReuseAtOnce)
    {
        Errno error = _file.FreeData(run, mayReuseAtOnce);
        if (error is Errno.EINVAL or Errno.ENOENT)
        {
            // Only a damaged image names such blocks. Deleting the file that does is the way to be rid of it, so that must work; what is lost is space at worst.
            _file.NoteForeignFree($"{run} of a file", error);
        }
        else if (error == Errno.EBUSY)
        {
            throw new InvalidOperationException($"{run} belong to a file and are freed, but {ErrnoText.Describe(error)}");
        }
    }

    /// <inheritdoc/>
    public bool CanOverwrite(BlockRun run) => _file.CanOverwrite(run);
}
