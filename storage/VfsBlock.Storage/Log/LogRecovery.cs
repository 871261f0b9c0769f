namespace VfsBlock.Storage;

/// <summary>
/// Reads the log after a crash: finds where it ends, decides which batches count, and then gives them one by one, as often as wanted (once to set
/// allocated runs aside, once to apply). Writes nothing, so a crash during recovery only repeats it.
/// </summary>
/// <remarks>
/// Owns memory for one batch and for some data blocks. One thread. A batch counts if it and all before it are valid and its data is there. Data is looked at
/// only behind the last flush that the log knows of: before it a mismatch is damage, not a torn tail, and cutting there would lose what was acknowledged.
/// </remarks>
public sealed class LogRecovery : IDisposable
{
    private readonly IBlockDevice _device;
    private readonly LogPosition _start;
    private readonly LogBatchReader _reader;
    private int _keptCount;
    private int _restCount;

    /// <summary>Prepares to read a log.</summary>
    /// <param name="device">The device.</param>
    /// <param name="ring">Where the log lies.</param>
    /// <param name="imageId">The first 8 bytes of the image's uuid.</param>
    /// <param name="start">Where replay begins, as the root in force says.</param>
    /// <exception cref="ArgumentException">The ring or the position is not one; whoever read them from a root checks them before.</exception>
    public LogRecovery(IBlockDevice device, LogRing ring, ulong imageId, LogPosition start)
    {
        ArgumentNullException.ThrowIfNull(device);
        ring.Demand(device);
        if (!start.FitsIn(ring))
        {
            throw new ArgumentException($"{start} does not lie in a log of {ring.PageCount} pages");
        }

        _device = device;
        _start = start;
        _reader = new LogBatchReader(device, ring, imageId, start);
    }

    /// <summary>Decides what counts. Call it first.</summary>
    /// <param name="checkFlushedData">Whether data that was flushed is looked at too, and counted where it is damaged; a checker wants that, opening does not wait for it.</param>
    public LogScan Scan(bool checkFlushedData = false)
    {
        LogStatus status = FindEnd(out int validCount, out ulong flushedThrough);
        if (status != LogStatus.End)
        {
            return new LogScan(status, 0, 0, 0, _start, 0, BlockNumber.None);
        }

        // Two on: neither a batch that is dropped nor a torn one behind it has the number that is expected in its place from now on.
        ulong nextSequence = _start.Sequence + (ulong)validCount + 1;
        using var check = new LogDataCheck(_device);
        status = CheckData(check, validCount, flushedThrough, checkFlushedData, out LogPosition end);
        if (status != LogStatus.End)
        {
            return new LogScan(status, 0, 0, 0, _start, 0, BlockNumber.None);
        }

        Rewind();
        return new LogScan(
            status, _keptCount, validCount - _keptCount, flushedThrough, end with { Sequence = nextSequence }, check.DamagedBlockCount, check.FirstDamagedBlock);
    }

    /// <summary>Goes back before the first batch that counts.</summary>
    public void Rewind()
    {
        _restCount = _keptCount;
        _reader.MoveTo(_start);
    }

    /// <summary>Gives the next batch that counts.</summary>
    /// <returns><see cref="LogStatus.ReadFailed"/> or <see cref="LogStatus.Damaged"/> if the device no longer gives what it gave to <see cref="Scan"/>.</returns>
    public LogStatus TryRead(out LogBatchView batch)
    {
        if (_restCount == 0)
        {
            batch = default;
            return LogStatus.End;
        }

        _restCount--;
        LogStatus status = _reader.TryRead(out batch);
        return status == LogStatus.End ? LogStatus.Damaged : status;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _reader.Dispose();

    private static LogStatus CheckRecords(LogRecordReader records)
    {
        LogStatus status;
        do
        {
            status = records.TryRead(out _);
        }
        while (status == LogStatus.Ok);
        return status;
    }

    private LogStatus FindEnd(out int validCount, out ulong flushedThrough)
    {
        validCount = 0;
        flushedThrough = _start.Sequence - 1;
        _reader.MoveTo(_start);
        while (true)
        {
            LogStatus status = _reader.TryRead(out LogBatchView batch);
            if (status != LogStatus.Ok)
            {
                return status;
            }

            if (CheckRecords(batch.Records) != LogStatus.End)
            {
                return LogStatus.Damaged;
            }

            validCount++;
            flushedThrough = Math.Max(flushedThrough, batch.FlushedThrough);
        }
    }

    private LogStatus CheckData(LogDataCheck check, int validCount, ulong flushedThrough, bool checkFlushedData, out LogPosition end)
    {
        _keptCount = 0;
        _reader.MoveTo(_start);
        end = _start;
        for (int index = 0; index < validCount; index++)
        {
            LogStatus status = _reader.TryRead(out LogBatchView batch);
            if (status != LogStatus.Ok)
            {
                return status == LogStatus.End ? LogStatus.Damaged : status;
            }

            bool wasFlushed = batch.Sequence <= flushedThrough;
            bool isThere = (wasFlushed && !checkFlushedData) || check.Check(batch.Records, mustCount: wasFlushed);
            if (!isThere && !wasFlushed)
            {
                break;
            }

            _keptCount++;
            end = _reader.Position;
        }

        return LogStatus.End;
    }
}
