using System.Buffers.Binary;
using VfsBlock.Interop;

namespace VfsBlock.Storage.Tests.Log;

/// <summary>A log on a device, and a writer whose transactions are numbers: transaction n is the record "next inode n".</summary>
internal sealed class LogRig : IDisposable
{
    public const ulong ImageId = 0x1122_3344_5566_7788;
    public const int DataBlock = 64;

    private readonly LogRecordWriter _transaction = new(64 << 10);
    private readonly NativeBuffer _block = new(4096);

    public LogRig(IBlockDevice device, int ringPages = 16, int batchPages = 4, LogPosition? start = null)
    {
        Device = device;
        Ring = new LogRing(8192, ringPages);
        LogPosition position = start ?? LogPosition.First(ImageId);
        Log = new IntentLog(device, Ring, ImageId, position);
        Buffer = new LogBuffer(position.Sequence, batchPages);
    }

    public IBlockDevice Device { get; }

    public LogRing Ring { get; }

    public IntentLog Log { get; }

    public LogBuffer Buffer { get; }

    public static long DeviceBytes => 128 * 4096;

    /// <summary>Appends transaction <paramref name="number"/>, padded with an item so that the batch gets long.</summary>
    public void Append(ulong number, int paddingBytes = 0)
    {
        _transaction.Clear();
        _transaction.NextInode(number);
        Span<byte> value = stackalloc byte[NodeFormat.MaxValueBytes];
        value.Fill((byte)number);
        while (paddingBytes > 0)
        {
            int valueBytes = Math.Min(paddingBytes, NodeFormat.MaxValueBytes);
            _transaction.Put(LogTree.File, new TreeKey(number, (ulong)paddingBytes), value[..valueBytes]);
            paddingBytes -= valueBytes;
        }

        Xunit.Assert.Equal(LogRoom.Ok, Buffer.Append(_transaction));
    }

    /// <summary>Writes a data block and appends transaction <paramref name="number"/> which vouches for it.</summary>
    public void AppendWithData(ulong number, ulong block)
    {
        _block.Span.Fill((byte)number);
        BinaryPrimitives.WriteUInt64LittleEndian(_block.Span, number);
        Xunit.Assert.True(Device.Write(_block.Span, (long)block * 4096).Succeeded);
        _transaction.Clear();
        _transaction.Data(new BlockNumber(block), [Crc32C.Compute(_block.Span)]);
        _transaction.NextInode(number);
        Xunit.Assert.Equal(LogRoom.Ok, Buffer.Append(_transaction));
    }

    /// <summary>Cuts and writes, without a flush.</summary>
    public Errno Write()
    {
        Xunit.Assert.True(Buffer.TryCut(out LogBatch batch));
        Errno error = Log.Write(batch);
        Buffer.Release(batch);
        return error;
    }

    public void Commit()
    {
        Xunit.Assert.Equal(Errno.None, Write());
        Xunit.Assert.Equal(Errno.None, Log.Flush());
    }

    /// <summary>What recovery finds, and the numbers of the transactions that it gives.</summary>
    public static (LogScan Scan, List<ulong> Numbers) Recover(IBlockDevice device, LogRing ring, LogPosition start, bool checkFlushedData = false)
    {
        using var recovery = new LogRecovery(device, ring, ImageId, start);
        LogScan scan = recovery.Scan(checkFlushedData);
        List<ulong> first = Numbers(recovery);
        recovery.Rewind();
        Xunit.Assert.Equal(first, Numbers(recovery));
        return (scan, first);
    }

    public (LogScan Scan, List<ulong> Numbers) Recover(LogPosition start) => Recover(Device, Ring, start);

    public void Dispose()
    {
        Buffer.Dispose();
        _transaction.Dispose();
        _block.Dispose();
    }

    private static List<ulong> Numbers(LogRecovery recovery)
    {
        List<ulong> numbers = [];
        while (recovery.TryRead(out LogBatchView batch) == LogStatus.Ok)
        {
            LogRecordReader records = batch.Records;
            while (records.TryRead(out LogRecord record) == LogStatus.Ok)
            {
                if (record.Kind == LogRecordKind.NextInode)
                {
                    numbers.Add(record.NextInode);
                }
            }
        }

        return numbers;
    }
}
