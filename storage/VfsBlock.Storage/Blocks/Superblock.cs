using System.Buffers.Binary;
using System.Text;

namespace VfsBlock.Storage;

/// <summary>What is fixed for an image's life (FORMAT.md section 1.1). Immutable; any thread may use it.</summary>
internal sealed record Superblock
{
    public const int SizeBytes = 4096;
    public const int MaxLabelBytes = 64;
    public const uint FormatVersion = 1;

    private const int ChecksumOffset = 8;
    private const uint ChecksumAlgorithm = 1;

    public static ReadOnlySpan<byte> Magic => "VFSBLOCK"u8;

    public required Guid Id { get; init; }

    public required int BlockSizeBytes { get; init; }

    public string Label { get; init; } = "";

    public ulong CompatFeatures { get; init; }

    public ulong ReadOnlyCompatFeatures { get; init; }

    public ulong IncompatFeatures { get; init; }

    /// <summary>What the blocks hold: 0 is whatever the user likes (FORMAT.md: content).</summary>
    public ulong Content { get; init; }

    /// <summary>The image never grows beyond; 0 for no limit.</summary>
    public ulong SizeLimitBlocks { get; init; }

    public DateTimeOffset Created { get; init; }

    public void Encode(Span<byte> page)
    {
        page = page[..SizeBytes];
        page.Clear();
        Magic.CopyTo(page);
        BinaryPrimitives.WriteUInt32LittleEndian(page[12..], FormatVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(page[16..], CompatFeatures);
        BinaryPrimitives.WriteUInt64LittleEndian(page[24..], ReadOnlyCompatFeatures);
        BinaryPrimitives.WriteUInt64LittleEndian(page[32..], IncompatFeatures);
        Id.TryWriteBytes(page[40..], bigEndian: true, out _);
        Encoding.UTF8.GetBytes(Label, page.Slice(56, MaxLabelBytes));
        BinaryPrimitives.WriteInt32LittleEndian(page[120..], BlockSizeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(page[124..], ImageLayout.BlocksPerGroup);
        BinaryPrimitives.WriteUInt64LittleEndian(page[128..], Content);
        BinaryPrimitives.WriteUInt64LittleEndian(page[136..], SizeLimitBlocks);
        UnixTime.Write(page[144..], Created);
        BinaryPrimitives.WriteUInt32LittleEndian(page[156..], ChecksumAlgorithm);
        StructureChecksum.Seal(page, ChecksumOffset);
    }

    /// <summary>Reads a page that may hold anything.</summary>
    /// <returns>Null if it is whole; else what is wrong with it.</returns>
    public static SuperblockFault Decode(ReadOnlySpan<byte> page, out Superblock? superblock)
    {
        superblock = null;
        if (page.Length < SizeBytes || !page.StartsWith(Magic))
        {
            return SuperblockFault.NotRecognised;
        }

        if (!StructureChecksum.IsRight(page[..SizeBytes], ChecksumOffset))
        {
            return SuperblockFault.BadChecksum;
        }

        var found = new Superblock
        {
            Id = new Guid(page.Slice(40, 16), bigEndian: true),
            BlockSizeBytes = BinaryPrimitives.ReadInt32LittleEndian(page[120..]),
            Label = Encoding.UTF8.GetString(page.Slice(56, MaxLabelBytes).TrimEnd((byte)0)),
            CompatFeatures = BinaryPrimitives.ReadUInt64LittleEndian(page[16..]),
            ReadOnlyCompatFeatures = BinaryPrimitives.ReadUInt64LittleEndian(page[24..]),
            IncompatFeatures = BinaryPrimitives.ReadUInt64LittleEndian(page[32..]),
            Content = BinaryPrimitives.ReadUInt64LittleEndian(page[128..]),
            SizeLimitBlocks = BinaryPrimitives.ReadUInt64LittleEndian(page[136..]),
            Created = UnixTime.Read(page[144..]),
        };
        if (BinaryPrimitives.ReadUInt32LittleEndian(page[12..]) != FormatVersion || found.IncompatFeatures != 0)
        {
            return SuperblockFault.TooNew;
        }

        bool isInRange = ImageLayout.IsBlockSize(found.BlockSizeBytes)
            && BinaryPrimitives.ReadInt32LittleEndian(page[124..]) == ImageLayout.BlocksPerGroup
            && BinaryPrimitives.ReadUInt32LittleEndian(page[156..]) == ChecksumAlgorithm;
        superblock = isInRange ? found : null;
        return isInRange ? SuperblockFault.None : SuperblockFault.BadField;
    }
}
