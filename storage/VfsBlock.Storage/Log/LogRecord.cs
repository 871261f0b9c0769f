using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>One record of the intent log, checked. What it points to lies in the batch's memory. Fields that its kind has not are zero.</summary>
public readonly ref struct LogRecord
{
    /// <summary>What it says.</summary>
    public required LogRecordKind Kind { get; init; }

    /// <summary>Put, delete, patch: the tree.</summary>
    public LogTree Tree { get; init; }

    /// <summary>Put, delete, patch: the item's key.</summary>
    public TreeKey Key { get; init; }

    /// <summary>Put: the value. Patch: the bytes.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Patch: where in the value the bytes go.</summary>
    public int OffsetBytes { get; init; }

    /// <summary>Allocate, free, data: the run's first block.</summary>
    public BlockNumber Block { get; init; }

    /// <summary>Allocate, free, data: the run's length, 1 or more.</summary>
    public uint BlockCount { get; init; }

    /// <summary>Next inode: the number.</summary>
    public ulong NextInode { get; init; }

    /// <summary>Data: the checksums, 4 bytes each.</summary>
    internal ReadOnlySpan<byte> Checksums { get; init; }

    /// <summary>Data: the checksum of one block of the run.</summary>
    public uint Checksum(int index) => BinaryPrimitives.ReadUInt32LittleEndian(Checksums[(index * 4)..]);
}
