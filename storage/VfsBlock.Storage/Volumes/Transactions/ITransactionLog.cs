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
    Errno Reserve(int recordBytes);

    /// <summary>An item was inserted, or its value replaced.</summary>
    void Put(LogTree tree, TreeKey key, ReadOnlySpan<byte> value);

    /// <summary>An item was deleted.</summary>
    void Delete(LogTree tree, TreeKey key);

    /// <summary>A part of a value was overwritten.</summary>
    void Patch(LogTree tree, TreeKey key, int offsetBytes, ReadOnlySpan<byte> bytes);

    /// <summary>The number that the next new inode gets.</summary>
    void SetNextInode(InodeNumber number);

    /// <summary>The transaction is whole.</summary>
    void End();
}
