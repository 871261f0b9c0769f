using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Reads the batches of a ring one after the other, from a position until one is not valid. Writes nothing.</summary>
/// <remarks>Owns memory for one batch, which is touched only as far as batches are long. One thread.</remarks>
internal sealed class LogBatchReader : IDisposable
{
    private readonly IBlockDevice _device;
    private readonly LogRing _ring;
    private readonly ulong _imageId;
    private readonly NativeBuffer _memory;
    private int _readPages;

    public LogBatchReader(IBlockDevice device, LogRing ring, ulong imageId, LogPosition start)
    {
        _device = device;
        _ring = ring;
        _imageId = imageId;
        _memory = new NativeBuffer(Math.Min(ring.PageCount, LogFormat.MaxBatchPages) * LogFormat.PageBytes);
        Position = start;
    }

    /// <summary>Where the next batch is expected.</summary>
    public LogPosition Position { get; private set; }

    /// <summary>Goes on at another position.</summary>
    public void MoveTo(LogPosition position)
    {
        Position = position;
        _readPages = 0;
    }

    /// <summary>Reads the batch at <see cref="Position"/> and goes behind it, if it is the one expected there.</summary>
    public LogStatus TryRead(out LogBatchView batch)
    {
        batch = default;
        if (!TryReadPages(0, 1))
        {
            return LogStatus.ReadFailed;
        }

        LogBatchHeader header = MemoryMarshal.Read<LogBatchHeader>(_memory.Span);
        if (!IsExpected(header))
        {
            return LogStatus.End;
        }

        if (!TryReadPages(1, (int)header.PageCount - 1))
        {
            return LogStatus.ReadFailed;
        }

        Span<byte> pages = _memory.Span[..((int)header.PageCount * LogFormat.PageBytes)];
        if (LogFormat.ComputeChecksum(pages) != header.Checksum)
        {
            return LogStatus.End;
        }

        if (header.RecordBytes > pages.Length - LogBatchHeader.SizeBytes || header.FlushedThrough >= header.Sequence)
        {
            return LogStatus.Damaged;
        }

        batch = new LogBatchView(header, pages.Slice(LogBatchHeader.SizeBytes, (int)header.RecordBytes));
        _readPages += (int)header.PageCount;
        Position = new LogPosition(_ring.Advance(Position.Page, (int)header.PageCount), header.Sequence + 1, header.Checksum);
        return LogStatus.Ok;
    }

    public void Dispose() => _memory.Dispose();

    // A ring cannot hold more pages than it has: what goes on after a whole lap is not a log.
    private bool IsExpected(in LogBatchHeader header) =>
        header.Magic == LogBatchHeader.MagicValue && header.ImageId == _imageId
        && header.Sequence == Position.Sequence && header.PreviousChecksum == Position.PreviousChecksum
        && header.PageCount is > 0 and <= LogFormat.MaxBatchPages && header.PageCount <= _ring.PageCount - _readPages;

    private bool TryReadPages(int first, int count)
    {
        uint page = _ring.Advance(Position.Page, first);
        int beforeEnd = (int)Math.Min(count, _ring.PageCount - (long)page);
        return TryReadRun(first, beforeEnd, _ring.PageOffsetBytes(page))
            && TryReadRun(first + beforeEnd, count - beforeEnd, _ring.OffsetBytes);
    }

    private bool TryReadRun(int first, int count, long offsetBytes)
    {
        Span<byte> target = _memory.Span.Slice(first * LogFormat.PageBytes, count * LogFormat.PageBytes);
        if (target.IsEmpty)
        {
            return true;
        }

        IoResult result = _device.Read(target, offsetBytes);
        return result.Succeeded && result.Bytes == target.Length;
    }
}
