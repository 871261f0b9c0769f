using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>The memory of one batch: its header, and the records of whole transactions behind it.</summary>
/// <remarks>
/// Owned by a <see cref="LogBuffer"/>, filled under its caller's lock; from the cut to <see cref="LogBuffer.Release"/> it belongs to
/// whoever cut it.
/// </remarks>
public sealed class LogBatch : IDisposable
{
    private readonly NativeBuffer _memory;

    internal LogBatch(int pageCount) => _memory = new NativeBuffer(pageCount * LogFormat.PageBytes);

    /// <summary>Its sequence, from the moment that the first transaction can be in it.</summary>
    public ulong Sequence { get; internal set; }

    /// <summary>Bytes of its records.</summary>
    public int RecordBytes { get; private set; }

    /// <summary>How many records it has. A batch without one only says what was flushed.</summary>
    public uint RecordCount { get; private set; }

    /// <summary>Pages of the ring that it takes.</summary>
    public int PageCount => LogFormat.PagesFor(RecordBytes);

    /// <summary>Bytes of records that still fit.</summary>
    internal int RoomBytes => _memory.Length - LogBatchHeader.SizeBytes - RecordBytes;

    /// <summary>Whether it is cut and not released; guarded by the buffer.</summary>
    internal bool IsCut { get; set; }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();

    internal void Append(ReadOnlySpan<byte> records, uint recordCount)
    {
        records.CopyTo(_memory.Span[(LogBatchHeader.SizeBytes + RecordBytes)..]);
        RecordBytes += records.Length;
        RecordCount += recordCount;
    }

    internal void Clear()
    {
        RecordBytes = 0;
        RecordCount = 0;
    }

    /// <summary>Completes the header and gives the pages as they go to the device. The padding is zeroed: the memory was used before.</summary>
    internal ReadOnlySpan<byte> Seal(LogPosition position, ulong imageId, ulong generation, ulong flushedThrough, out uint checksum)
    {
        Span<byte> pages = _memory.Span[..(PageCount * LogFormat.PageBytes)];
        pages[(LogBatchHeader.SizeBytes + RecordBytes)..].Clear();
        ref LogBatchHeader header = ref MemoryMarshal.AsRef<LogBatchHeader>(pages);
        header = new LogBatchHeader
        {
            Magic = LogBatchHeader.MagicValue,
            ImageId = imageId,
            Generation = generation,
            Sequence = Sequence,
            PreviousChecksum = position.PreviousChecksum,
            PageCount = (uint)PageCount,
            RecordBytes = (uint)RecordBytes,
            RecordCount = RecordCount,
            FlushedThrough = flushedThrough,
        };
        header.Checksum = checksum = LogFormat.ComputeChecksum(pages);
        return pages;
    }
}
