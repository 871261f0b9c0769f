namespace VfsBlock.Storage;

/// <summary>A batch that recovery read and checked. Valid until the next is read.</summary>
public readonly ref struct LogBatchView
{
    private readonly ReadOnlySpan<byte> _records;
    private readonly uint _recordCount;

    internal LogBatchView(scoped in LogBatchHeader header, ReadOnlySpan<byte> records)
    {
        Sequence = header.Sequence;
        Generation = header.Generation;
        FlushedThrough = header.FlushedThrough;
        _recordCount = header.RecordCount;
        _records = records;
    }

    /// <summary>Its sequence.</summary>
    public ulong Sequence { get; }

    /// <summary>Generation of the root in force when it was written.</summary>
    public ulong Generation { get; }

    /// <summary>Through which sequence everything was durable when it was written.</summary>
    public ulong FlushedThrough { get; }

    /// <summary>Its records, from the first.</summary>
    public LogRecordReader Records => new(_records, _recordCount);
}
