using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>
/// Takes the records of a batch apart. Believes no length before it has checked it: a correct checksum says that the bytes are those that
/// somebody wrote, not that he meant well.
/// </summary>
/// <param name="records">The bytes of the records.</param>
/// <param name="recordCount">How many there must be.</param>
public ref struct LogRecordReader(ReadOnlySpan<byte> records, uint recordCount)
{
    private ReadOnlySpan<byte> _rest = records;
    private uint _restCount = recordCount;

    /// <summary>Reads the next record.</summary>
    /// <returns><see cref="LogStatus.Ok"/>; <see cref="LogStatus.End"/> behind the last; <see cref="LogStatus.Damaged"/>, and again from then on.</returns>
    public LogStatus TryRead(out LogRecord record)
    {
        record = default;
        if (_rest.IsEmpty && _restCount == 0)
        {
            return LogStatus.End;
        }

        if (_restCount == 0 || _rest.Length < LogFormat.RecordHeaderBytes)
        {
            return LogStatus.Damaged;
        }

        int lengthBytes = BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]);
        if (lengthBytes < LogFormat.RecordHeaderBytes || lengthBytes > _rest.Length || !TryParse(_rest[..lengthBytes], out record))
        {
            return LogStatus.Damaged;
        }

        _rest = _rest[lengthBytes..];
        _restCount--;
        return LogStatus.Ok;
    }

    private static bool TryParse(ReadOnlySpan<byte> bytes, out LogRecord record)
    {
        record = default;
        var kind = (LogRecordKind)bytes[0];
        switch (kind)
        {
            case LogRecordKind.Put:
            case LogRecordKind.Delete:
            case LogRecordKind.Patch:
                return TryParseItem(kind, bytes, out record);
            case LogRecordKind.Allocate:
            case LogRecordKind.Free:
            case LogRecordKind.Data:
                return TryParseRun(kind, bytes, out record);
            case LogRecordKind.NextInode when bytes.Length == LogFormat.NextInodeRecordBytes:
                record = new LogRecord { Kind = kind, NextInode = BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]) };
                return true;
            default:
                return false;
        }
    }

    private static bool TryParseItem(LogRecordKind kind, ReadOnlySpan<byte> bytes, out LogRecord record)
    {
        record = default;
        bool isPatch = kind == LogRecordKind.Patch;
        int fixedBytes = isPatch ? LogFormat.PatchRecordBytes : LogFormat.KeyedRecordBytes;
        if (bytes.Length < fixedBytes || bytes[1] > (byte)LogTree.File)
        {
            return false;
        }

        int offsetBytes = isPatch ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[LogFormat.KeyedRecordBytes..]) : 0;
        ReadOnlySpan<byte> value = bytes[fixedBytes..];
        bool hasWrongLength = kind == LogRecordKind.Delete ? !value.IsEmpty : isPatch && value.IsEmpty;
        if (hasWrongLength || offsetBytes + value.Length > NodeFormat.MaxValueBytes)
        {
            return false;
        }

        record = new LogRecord
        {
            Kind = kind,
            Tree = (LogTree)bytes[1],
            Key = new TreeKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..])),
            Value = value,
            OffsetBytes = offsetBytes,
        };
        return true;
    }

    private static bool TryParseRun(LogRecordKind kind, ReadOnlySpan<byte> bytes, out LogRecord record)
    {
        record = default;
        if (bytes.Length < LogFormat.RunRecordBytes)
        {
            return false;
        }

        ulong block = BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]);
        uint blockCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        ReadOnlySpan<byte> checksums = bytes[LogFormat.RunRecordBytes..];
        ulong wantedBytes = kind == LogRecordKind.Data ? 4UL * blockCount : 0;
        if (block == 0 || block >= LogFormat.BlockLimit - blockCount || blockCount == 0 || (ulong)checksums.Length != wantedBytes)
        {
            return false;
        }

        record = new LogRecord { Kind = kind, Block = new BlockNumber(block), BlockCount = blockCount, Checksums = checksums };
        return true;
    }
}
