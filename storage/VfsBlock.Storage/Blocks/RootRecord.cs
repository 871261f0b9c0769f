using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>One state of an image: everything that changes with a commit hangs on it (FORMAT.md section 1.2).</summary>
/// <remarks>A plain value; it belongs to whoever made it.</remarks>
internal sealed class RootRecord
{
    public const int SizeBytes = ImageLayout.RootRecordBytes;
    public const int MaxControlDataBytes = 4096;

    // Nobody lives to see so many commits; what is above would come to its end while the image is open.
    private const ulong MaxGeneration = 1UL << 62;

    private const int ChecksumOffset = 8;
    private const int PagesOffset = 256;
    private const int ControlDataOffset = 4096;

    private static ReadOnlySpan<byte> Magic => "VFSBROOT"u8;

    public RootState State { get; set; }

    public Guid ImageId { get; set; }

    public ulong Generation { get; set; }

    public ulong SizeBlocks { get; set; }

    public ulong FreeBlocks { get; set; }

    /// <summary>Checksum of the record with the generation before; 0 for the first.</summary>
    public uint PreviousChecksum { get; set; }

    public DateTimeOffset Time { get; set; }

    public ulong MountEpoch { get; set; }

    public Guid Owner { get; set; }

    public BlockNumber RedoFirst { get; set; }

    public uint RedoCount { get; set; }

    public uint RedoChecksum { get; set; }

    public PageReference[] Pages { get; set; } = [];

    public byte[] ControlData { get; set; } = [];

    /// <summary>The record's own checksum: set by <see cref="Encode"/> and <see cref="Decode"/>.</summary>
    public uint Checksum { get; private set; }

    public void Encode(Span<byte> to)
    {
        to = to[..SizeBytes];
        to.Clear();
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], (uint)State);
        ImageId.TryWriteBytes(to[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(to[32..], Generation);
        BinaryPrimitives.WriteUInt64LittleEndian(to[40..], SizeBlocks);
        BinaryPrimitives.WriteUInt64LittleEndian(to[48..], FreeBlocks);
        BinaryPrimitives.WriteUInt32LittleEndian(to[56..], PreviousChecksum);
        BinaryPrimitives.WriteInt32LittleEndian(to[60..], Pages.Length);
        UnixTime.Write(to[64..], Time);
        BinaryPrimitives.WriteInt32LittleEndian(to[76..], ControlData.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(to[80..], MountEpoch);
        Owner.TryWriteBytes(to[88..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(to[104..], RedoFirst.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(to[112..], RedoCount);
        BinaryPrimitives.WriteUInt32LittleEndian(to[116..], RedoChecksum);
        for (int page = 0; page < Pages.Length; page++)
        {
            Pages[page].Encode(to[(PagesOffset + (page * PageReference.SizeBytes))..]);
        }

        ControlData.CopyTo(to[ControlDataOffset..]);
        StructureChecksum.Seal(to, ChecksumOffset);
        Checksum = BinaryPrimitives.ReadUInt32LittleEndian(to[ChecksumOffset..]);
    }

    /// <summary>Reads a slot of the ring that may hold anything.</summary>
    /// <returns>Null unless it is a whole record of this image, and each field is in its range.</returns>
    public static RootRecord? Decode(ReadOnlySpan<byte> from, Guid imageId, ImageLayout layout)
    {
        from = from[..SizeBytes];
        if (!from.StartsWith(Magic)
            || !StructureChecksum.IsRight(from, ChecksumOffset)
            || new Guid(from.Slice(16, 16), bigEndian: true) != imageId)
        {
            return null;
        }

        uint state = BinaryPrimitives.ReadUInt32LittleEndian(from[12..]);
        uint pageCount = BinaryPrimitives.ReadUInt32LittleEndian(from[60..]);
        uint controlDataBytes = BinaryPrimitives.ReadUInt32LittleEndian(from[76..]);
        ulong sizeBlocks = BinaryPrimitives.ReadUInt64LittleEndian(from[40..]);
        ulong freeBlocks = BinaryPrimitives.ReadUInt64LittleEndian(from[48..]);
        ulong generation = BinaryPrimitives.ReadUInt64LittleEndian(from[32..]);
        if (state > (uint)RootState.Damaged
            || generation is 0 or >= MaxGeneration
            || controlDataBytes > MaxControlDataBytes
            || !layout.IsSize(sizeBlocks)
            || freeBlocks > sizeBlocks
            || pageCount != ImageLayout.PageCount(layout.GroupCount(sizeBlocks)))
        {
            return null;
        }

        return new RootRecord
        {
            State = (RootState)state,
            ImageId = imageId,
            Generation = generation,
            SizeBlocks = sizeBlocks,
            FreeBlocks = freeBlocks,
            PreviousChecksum = BinaryPrimitives.ReadUInt32LittleEndian(from[56..]),
            Time = UnixTime.Read(from[64..]),
            MountEpoch = BinaryPrimitives.ReadUInt64LittleEndian(from[80..]),
            Owner = new Guid(from.Slice(88, 16), bigEndian: true),
            RedoFirst = new BlockNumber(BinaryPrimitives.ReadUInt64LittleEndian(from[104..])),
            RedoCount = BinaryPrimitives.ReadUInt32LittleEndian(from[112..]),
            RedoChecksum = BinaryPrimitives.ReadUInt32LittleEndian(from[116..]),
            Pages = DecodePages(from, (int)pageCount),
            ControlData = from.Slice(ControlDataOffset, (int)controlDataBytes).ToArray(),
            Checksum = BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumOffset..]),
        };
    }

    private static PageReference[] DecodePages(ReadOnlySpan<byte> from, int pageCount)
    {
        var pages = new PageReference[pageCount];
        for (int page = 0; page < pageCount; page++)
        {
            pages[page] = PageReference.Decode(from[(PagesOffset + (page * PageReference.SizeBytes))..]);
        }

        return pages;
    }
}
