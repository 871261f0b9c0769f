using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Writes nothing down: for a volume that is durable only as of its last commit.</summary>
internal sealed class NoLog : ITransactionLog
{
    /// <inheritdoc/>
    public Errno Reserve(int recordBytes, bool isUrgent) => Errno.None;

    /// <inheritdoc/>
    public void Put(LogTree tree, TreeKey key, ReadOnlySpan<byte> value)
    {
    }

    /// <inheritdoc/>
    public void Delete(LogTree tree, TreeKey key)
    {
    }

    /// <inheritdoc/>
    public void Patch(LogTree tree, TreeKey key, int offsetBytes, ReadOnlySpan<byte> bytes)
    {
    }

    /// <inheritdoc/>
    public void Allocate(BlockRun run)
    {
    }

    /// <inheritdoc/>
    public void Free(BlockRun run)
    {
    }

    /// <inheritdoc/>
    public void Data(BlockNumber first, ReadOnlySpan<uint> checksums)
    {
    }

    /// <inheritdoc/>
    public void SetNextInode(InodeNumber number)
    {
    }

    /// <inheritdoc/>
    public void End()
    {
    }
}
