using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Writes a volume's transactions into the intent log's buffer.</summary>
/// <remarks>Threads: as <see cref="ITransactionLog"/>. Owns the memory of one transaction; the buffer is its owner's.</remarks>
internal sealed class TransactionLog : ITransactionLog, IDisposable
{
    private readonly LogBuffer _buffer;
    private readonly LogRecordWriter _records;
    private readonly int _urgentBytes;

    /// <summary>A log that ends in a buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="maxTransactionBytes">The longest transaction.</param>
    /// <param name="urgentBytes">Room in the buffer that only urgent transactions get.</param>
    public TransactionLog(LogBuffer buffer, int maxTransactionBytes, int urgentBytes)
    {
        _buffer = buffer;
        _urgentBytes = urgentBytes;
        _records = new LogRecordWriter(maxTransactionBytes);
    }

    /// <summary>The records of the transaction that is being made; the data path adds its own to it.</summary>
    public LogRecordWriter Records => _records;

    /// <inheritdoc/>
    public Errno Reserve(int recordBytes, bool isUrgent)
    {
        if (recordBytes > _records.CapacityBytes)
        {
            return Errno.ENOSPC;
        }

        return _buffer.CheckRoom(recordBytes + (isUrgent ? 0 : _urgentBytes)) switch
        {
            LogRoom.Ok => Errno.None,
            LogRoom.Full => Errno.EBUSY,
            _ => Errno.ENOSPC,
        };
    }

    /// <inheritdoc/>
    public void Put(LogTree tree, TreeKey key, ReadOnlySpan<byte> value) => _records.Put(tree, key, value);

    /// <inheritdoc/>
    public void Delete(LogTree tree, TreeKey key) => _records.Delete(tree, key);

    /// <inheritdoc/>
    public void Patch(LogTree tree, TreeKey key, int offsetBytes, ReadOnlySpan<byte> bytes) => _records.Patch(tree, key, offsetBytes, bytes);

    /// <inheritdoc/>
    public void Allocate(BlockRun run) => _records.Allocate(run.First, (uint)run.BlockCount);

    /// <inheritdoc/>
    public void Free(BlockRun run) => _records.Free(run.First, (uint)run.BlockCount);

    /// <inheritdoc/>
    public void Data(BlockNumber first, ReadOnlySpan<uint> checksums) => _records.Data(first, checksums);

    /// <inheritdoc/>
    public void SetNextInode(InodeNumber number) => _records.NextInode(number.Value);

    /// <inheritdoc/>
    public void End()
    {
        if (_buffer.Append(_records) != LogRoom.Ok)
        {
            throw new InvalidOperationException($"A transaction of {_records.LengthBytes} bytes is longer than it had announced.");
        }

        _records.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();
}
