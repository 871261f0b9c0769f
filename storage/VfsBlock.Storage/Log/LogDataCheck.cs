using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Compares the blocks that data records vouch for with what lies on the device.</summary>
/// <remarks>Owns memory for the blocks it reads at a time. One thread.</remarks>
internal sealed class LogDataCheck : IDisposable
{
    private const int BlockBytes = 4096;
    private const int BlocksAtOnce = 64;

    private readonly IBlockDevice _device;
    private readonly NativeBuffer _memory = new(BlocksAtOnce * BlockBytes);
    private long _budgetBlocks;

    public LogDataCheck(IBlockDevice device)
    {
        _device = device;

        // A block in the log is written once between two roots, so more blocks than there are is a lie that would only cost time.
        _budgetBlocks = device.SizeBytes / BlockBytes;
    }

    public long DamagedBlockCount { get; private set; }

    public BlockNumber FirstDamagedBlock { get; private set; }

    /// <summary>Whether all data of a batch is there. Stops at the first block that is not, unless it counts them.</summary>
    public bool Check(LogRecordReader records, bool mustCount)
    {
        bool isThere = true;
        while ((isThere || mustCount) && records.TryRead(out LogRecord record) == LogStatus.Ok)
        {
            isThere &= record.Kind != LogRecordKind.Data || CheckRun(record, mustCount);
        }

        return isThere;
    }

    public void Dispose() => _memory.Dispose();

    private bool CheckRun(in LogRecord record, bool mustCount)
    {
        bool isThere = true;
        for (int index = 0; index < record.BlockCount && (isThere || mustCount); index += BlocksAtOnce)
        {
            int count = (int)Math.Min(BlocksAtOnce, record.BlockCount - index);
            _budgetBlocks -= count;
            isThere &= _budgetBlocks >= 0 && CheckPart(record, index, count, mustCount);
            mustCount &= _budgetBlocks >= 0;
        }

        return isThere;
    }

    private bool CheckPart(in LogRecord record, int first, int count, bool mustCount)
    {
        Span<byte> target = _memory.Span[..(count * BlockBytes)];
        BlockNumber block = record.Block.Plus((ulong)first);
        IoResult result = _device.Read(target, block.OffsetBytes(BlockBytes));
        bool isThere = true;
        for (int index = 0; index < count; index++)
        {
            // What cannot be read is not there either.
            bool matches = result.Bytes >= (index + 1) * BlockBytes
                && Crc32C.Compute(target.Slice(index * BlockBytes, BlockBytes)) == record.Checksum(first + index);
            isThere &= matches;
            if (!matches && mustCount)
            {
                FirstDamagedBlock = DamagedBlockCount++ == 0 ? block.Plus((ulong)index) : FirstDamagedBlock;
            }
        }

        return isThere;
    }
}
