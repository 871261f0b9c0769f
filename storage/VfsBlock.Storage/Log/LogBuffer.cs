namespace VfsBlock.Storage;

/// <summary>
/// The transactions since the last cut. A cut closes them as the next batch, and the writer goes on in a second memory while that batch is on
/// its way; a third there is not, so memory is bounded and a writer that is too fast is told so.
/// </summary>
/// <remarks>
/// Owns the memory of two batches. <see cref="CheckRoom"/>, <see cref="Append"/> and <see cref="TryCut"/> run under the lock of the volume's single
/// writer; <see cref="Release"/> may come from any thread. Takes no lock, allocates nothing after it was made.
/// </remarks>
public sealed class LogBuffer : IDisposable
{
    private readonly int _capacityBytes;
    private LogBatch _open;
    private LogBatch _other;
    private volatile bool _isOtherCut;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="firstSequence">The sequence that the next batch of the log has to have.</param>
    /// <param name="batchPageCount">The longest batch, in pages, 1 to <see cref="LogFormat.MaxBatchPages"/>; a log must have four times as many.</param>
    public LogBuffer(ulong firstSequence, int batchPageCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchPageCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchPageCount, LogFormat.MaxBatchPages);
        _open = new LogBatch(batchPageCount) { Sequence = firstSequence };
        _other = new LogBatch(batchPageCount);
        _capacityBytes = _open.RoomBytes;
    }

    /// <summary>The sequence of the batch that a transaction appended now will be in.</summary>
    public ulong OpenSequence => _open.Sequence;

    /// <summary>True if no transaction waits for a cut.</summary>
    public bool IsEmpty => _open.RecordCount == 0;

    /// <summary>Bytes of records that wait for a cut.</summary>
    public int WaitingBytes => _open.RecordBytes;

    /// <summary>Whether a transaction fits. The answer holds as long as the lock is held: ask before the trees are changed.</summary>
    /// <param name="recordBytes">How long it can get.</param>
    public LogRoom CheckRoom(int recordBytes) =>
        recordBytes <= _open.RoomBytes ? LogRoom.Ok : recordBytes <= _capacityBytes ? LogRoom.Full : LogRoom.TooLarge;

    /// <summary>Takes a transaction over as a whole; none of it if the answer is not <see cref="LogRoom.Ok"/>.</summary>
    public LogRoom Append(LogRecordWriter transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        LogRoom room = CheckRoom(transaction.LengthBytes);
        if (room == LogRoom.Ok)
        {
            _open.Append(transaction.Records, transaction.RecordCount);
        }

        return room;
    }

    /// <summary>Closes what has gathered as the next batch. Nothing to write is a batch too: it says that the one before was flushed.</summary>
    /// <param name="batch">The batch; give it back with <see cref="Release"/> when it is written or skipped.</param>
    /// <returns>False while the batch before it was not given back.</returns>
    public bool TryCut(out LogBatch batch)
    {
        batch = _open;
        if (_isOtherCut)
        {
            return false;
        }

        _open.IsCut = true;
        (_open, _other) = (_other, _open);
        _isOtherCut = true;
        _open.Clear();
        _open.Sequence = batch.Sequence + 1;
        return true;
    }

    /// <summary>Gives back the batch that <see cref="TryCut"/> gave out.</summary>
    /// <exception cref="InvalidOperationException">It is not out.</exception>
    public void Release(LogBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.IsCut)
        {
            throw new InvalidOperationException($"batch {batch.Sequence} was not cut, or was given back before");
        }

        batch.IsCut = false;
        _isOtherCut = false;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _open.Dispose();
        _other.Dispose();
    }
}
