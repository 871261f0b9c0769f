using System.Buffers.Binary;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Gathers the records of one transaction in native memory, to be appended to a <see cref="LogBuffer"/> as a whole, or thrown away.</summary>
/// <remarks>
/// Owns its memory. Used by one thread at a time; takes no lock, allocates nothing after it was made. More records than it has room
/// for are the caller's error: an operation knows what it may write at most.
/// </remarks>
public sealed class LogRecordWriter : IDisposable
{
    private readonly NativeBuffer _memory;

    /// <summary>Makes a writer.</summary>
    /// <param name="capacityBytes">The longest transaction, in bytes.</param>
    public LogRecordWriter(int capacityBytes) => _memory = new NativeBuffer(capacityBytes);

    /// <summary>Bytes that it has room for.</summary>
    public int CapacityBytes => _memory.Length;

    /// <summary>Bytes of the records so far.</summary>
    public int LengthBytes { get; private set; }

    /// <summary>Records so far.</summary>
    public uint RecordCount { get; private set; }

    /// <summary>The records so far.</summary>
    public ReadOnlySpan<byte> Records => _memory.Span[..LengthBytes];

    /// <summary>Forgets the records.</summary>
    public void Clear()
    {
        LengthBytes = 0;
        RecordCount = 0;
    }

    /// <summary>An item was inserted or replaced.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="key">Its key.</param>
    /// <param name="value">Its value, at most <see cref="NodeFormat.MaxValueBytes"/>.</param>
    public void Put(LogTree tree, TreeKey key, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, NodeFormat.MaxValueBytes, nameof(value));
        value.CopyTo(BeginItem(LogRecordKind.Put, tree, key, LogFormat.KeyedRecordBytes + value.Length)[LogFormat.KeyedRecordBytes..]);
    }

    /// <summary>An item was deleted.</summary>
    public void Delete(LogTree tree, TreeKey key) => BeginItem(LogRecordKind.Delete, tree, key, LogFormat.KeyedRecordBytes);

    /// <summary>A part of an item's value was overwritten.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="key">Its key.</param>
    /// <param name="offsetBytes">Where in the value.</param>
    /// <param name="bytes">With what: 1 byte or more, ending within the longest value.</param>
    public void Patch(LogTree tree, TreeKey key, int offsetBytes, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, NodeFormat.MaxValueBytes - offsetBytes, nameof(bytes));
        Span<byte> record = BeginItem(LogRecordKind.Patch, tree, key, LogFormat.PatchRecordBytes + bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(record[LogFormat.KeyedRecordBytes..], (ushort)offsetBytes);
        bytes.CopyTo(record[LogFormat.PatchRecordBytes..]);
    }

    /// <summary>A run of blocks belongs to file data now.</summary>
    public void Allocate(BlockNumber block, uint blockCount) => BeginRun(LogRecordKind.Allocate, block, blockCount, 0);

    /// <summary>A run of blocks no longer belongs to file data.</summary>
    public void Free(BlockNumber block, uint blockCount) => BeginRun(LogRecordKind.Free, block, blockCount, 0);

    /// <summary>A run of blocks is being written, and is on the device before the batch counts.</summary>
    /// <param name="block">The first.</param>
    /// <param name="checksums">CRC32C of each block, at most <see cref="LogFormat.MaxDataBlocks"/>.</param>
    public void Data(BlockNumber block, ReadOnlySpan<uint> checksums)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checksums.Length, LogFormat.MaxDataBlocks, nameof(checksums));
        Span<byte> target = BeginRun(LogRecordKind.Data, block, (uint)checksums.Length, checksums.Length * 4)[LogFormat.RunRecordBytes..];
        for (int index = 0; index < checksums.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target[(index * 4)..], checksums[index]);
        }
    }

    /// <summary>The next inode number to give out.</summary>
    public void NextInode(ulong number) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Begin(LogRecordKind.NextInode, 0, LogFormat.NextInodeRecordBytes)[4..], number);

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();

    private Span<byte> BeginItem(LogRecordKind kind, LogTree tree, TreeKey key, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)tree, (byte)LogTree.File, nameof(tree));
        Span<byte> record = Begin(kind, tree, lengthBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(record[4..], key.High);
        BinaryPrimitives.WriteUInt64LittleEndian(record[12..], key.Low);
        return record;
    }

    private Span<byte> BeginRun(LogRecordKind kind, BlockNumber block, uint blockCount, int moreBytes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(blockCount);
        ArgumentOutOfRangeException.ThrowIfZero(block.Value, nameof(block));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block.Value, LogFormat.BlockLimit, nameof(block));
        Span<byte> record = Begin(kind, 0, LogFormat.RunRecordBytes + moreBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(record[4..], block.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], blockCount);
        return record;
    }

    private Span<byte> Begin(LogRecordKind kind, LogTree tree, int lengthBytes)
    {
        if (lengthBytes > CapacityBytes - LengthBytes)
        {
            throw new InvalidOperationException(
                $"a transaction of {CapacityBytes} bytes has no room for a {kind} record of {lengthBytes} behind {LengthBytes}; split the operation into steps");
        }

        Span<byte> record = _memory.Span.Slice(LengthBytes, lengthBytes);
        record[0] = (byte)kind;
        record[1] = (byte)tree;
        BinaryPrimitives.WriteUInt16LittleEndian(record[2..], (ushort)lengthBytes);
        LengthBytes += lengthBytes;
        RecordCount++;
        return record;
    }
}
