using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Where a volume writes down what its transactions change, so that they can be done again after a crash (FORMAT.md section 3).</summary>
/// <remarks>
/// Threads: the volume calls it with its lock held exclusively, never twice at once. A transaction is <see cref="Reserve"/>, its records in the order in which they were
/// applied, <see cref="End"/>. A batch holds whole transactions only. No call does I/O.
/// </remarks>
public interface ITransactionLog
{
    /// <summary>Makes sure that a transaction finds room.</summary>
    /// <param name="recordBytes">At most so many bytes of records follow.</param>
    /// <returns>EBUSY if there is no room until what is there was written.</returns>
    /// <param name="isUrgent">True for what must be done before the log can be written: it may use the room kept for that.</param>
    Errno Reserve(int recordBytes, bool isUrgent);

    /// <summary>An item was inserted, or its value replaced.</summary>
    void Put(LogTree tree, TreeKey key, ReadOnlySpan<byte> value);

    /// <summary>An item was deleted.</summary>
    void Delete(LogTree tree, TreeKey key);

    /// <summary>A part of a value was overwritten.</summary>
    void Patch(LogTree tree, TreeKey key, int offsetBytes, ReadOnlySpan<byte> bytes);

    /// <summary>A run of blocks belongs to a file's data now.</summary>
    void Allocate(BlockRun run);

    /// <summary>A run of blocks no longer belongs to a file.</summary>
    void Free(BlockRun run);

    /// <summary>Blocks in a row are written, or will be before the batch is durable, with bytes that have these checksums.</summary>
    void Data(BlockNumber first, ReadOnlySpan<uint> checksums);

    /// <summary>The number that the next new inode gets.</summary>
    void SetNextInode(InodeNumber number);

    /// <summary>The transaction is whole.</summary>
    void End();
}
