using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>A run of a file's data (FORMAT.md section 4.6). Its checksums lie in the bytes that it was read from, and are valid no longer than they are.</summary>
internal readonly ref struct ExtentItem
{
    /// <summary>The most blocks of written data in one item.</summary>
    public const int MaxWrittenBlocks = 256;

    /// <summary>The most blocks that are set aside by one item.</summary>
    public const int MaxUnwrittenBlocks = 1 << 20;

    /// <summary>The most bytes that an item has.</summary>
    public const int MaxBytes = HeaderBytes + (MaxWrittenBlocks * sizeof(uint));

    /// <summary>Where its flags are.</summary>
    public const int FlagsOffset = 20;

    private const int HeaderBytes = 32;
    private const int GenerationOffset = 8;
    private const int BlockCountOffset = 16;
    private const int ChecksumCountOffset = 22;

    /// <summary>An extent that is not compressed.</summary>
    /// <param name="block">Where its data begins.</param>
    /// <param name="generation">The generation that its blocks were first written in.</param>
    /// <param name="blockCount">Its length.</param>
    /// <param name="flags">What it is.</param>
    /// <param name="checksums">CRC32C of each block; none if it is unwritten.</param>
    public ExtentItem(BlockNumber block, ulong generation, int blockCount, ExtentFlags flags, ReadOnlySpan<uint> checksums)
    {
        Block = block;
        Generation = generation;
        BlockCount = blockCount;
        Flags = flags;
        Checksums = checksums;
    }

    /// <summary>Where its data begins.</summary>
    public BlockNumber Block { get; }

    /// <summary>The generation that its blocks were first written in.</summary>
    public ulong Generation { get; }

    /// <summary>How many blocks it has.</summary>
    public int BlockCount { get; }

    /// <summary>What it is.</summary>
    public ExtentFlags Flags { get; }

    /// <summary>CRC32C of each block; none if it is unwritten.</summary>
    public ReadOnlySpan<uint> Checksums { get; }

    /// <summary>True if it reads as zeros.</summary>
    public bool IsUnwritten => (Flags & ExtentFlags.Unwritten) != 0;

    /// <summary>Bytes of the item.</summary>
    public int EncodedBytes => HeaderBytes + (Checksums.Length * sizeof(uint));

    /// <summary>Bytes of an item over so many written blocks.</summary>
    public static int BytesFor(int blockCount) => HeaderBytes + (blockCount * sizeof(uint));

    /// <summary>An extent over a part of the blocks.</summary>
    public ExtentItem Part(int firstBlock, int blockCount) =>
        new(Block.Plus((ulong)firstBlock), Generation, blockCount, Flags, IsUnwritten ? default : Checksums.Slice(firstBlock, blockCount));

    /// <summary>The same blocks with other flags.</summary>
    public ExtentItem WithFlags(ExtentFlags flags) => new(Block, Generation, BlockCount, flags, Checksums);

    /// <summary>Writes the bytes that stand for flags.</summary>
    /// <param name="flags">The flags.</param>
    /// <param name="destination">Two bytes.</param>
    public static void WriteFlags(ExtentFlags flags, Span<byte> destination) => BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)flags);

    /// <summary>Reads an item and believes it only if each field can be true. Whether the blocks lie in the image is the allocator's question.</summary>
    /// <returns>False if it is damaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, out ExtentItem extent)
    {
        extent = default;
        if (value.Length < HeaderBytes)
        {
            return false;
        }

        uint blockCount = BinaryPrimitives.ReadUInt32LittleEndian(value[BlockCountOffset..]);
        var flags = (ExtentFlags)BinaryPrimitives.ReadUInt16LittleEndian(value[FlagsOffset..]);
        int checksumCount = BinaryPrimitives.ReadUInt16LittleEndian(value[ChecksumCountOffset..]);
        bool isUnwritten = (flags & ExtentFlags.Unwritten) != 0;
        uint maxBlockCount = isUnwritten ? (uint)MaxUnwrittenBlocks : MaxWrittenBlocks;
        if (blockCount == 0 || blockCount > maxBlockCount || (flags & ~(ExtentFlags.Unwritten | ExtentFlags.MayBeShared)) != 0
            || checksumCount != (isUnwritten ? 0U : blockCount) || value.Length != HeaderBytes + (checksumCount * sizeof(uint)))
        {
            return false;
        }

        extent = new ExtentItem(
            new BlockNumber(BinaryPrimitives.ReadUInt64LittleEndian(value)),
            BinaryPrimitives.ReadUInt64LittleEndian(value[GenerationOffset..]),
            (int)blockCount,
            flags,
            MemoryMarshal.Cast<byte, uint>(value[HeaderBytes..]));

        // Beyond the limit its blocks have no byte offsets.
        return !extent.Block.IsNone && extent.Block.Value < LogFormat.BlockLimit - blockCount;
    }

    /// <summary>Writes the item.</summary>
    /// <param name="destination">At least <see cref="EncodedBytes"/> bytes.</param>
    /// <returns>What was written.</returns>
    public ReadOnlySpan<byte> Write(Span<byte> destination)
    {
        destination[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Block.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[GenerationOffset..], Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[BlockCountOffset..], (uint)BlockCount);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[ChecksumCountOffset..], (ushort)Checksums.Length);
        MemoryMarshal.AsBytes(Checksums).CopyTo(destination[HeaderBytes..]);
        return destination[..EncodedBytes];
    }
}
