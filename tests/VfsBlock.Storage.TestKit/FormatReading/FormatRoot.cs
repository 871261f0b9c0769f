using static FormatReading.FormatBytes;

namespace FormatReading;

/// <summary>Section 1.2.</summary>
public sealed class FormatRoot
{
    internal const int SizeBytes = 8192;
    internal const int SlotCount = 16;

    private FormatRoot(byte[] record)
    {
        State = U32(record, 12);
        Generation = U64(record, 32);
        SizeBlocks = U64(record, 40);
        FreeBlocks = U64(record, 48);
        PageCount = (int)U32(record, 60);
        MountEpoch = U64(record, 80);
        RedoBlock = U64(record, 104);
        Pages = record[256..(256 + (8 * PageCount))];
        ControlData = record[4096..(4096 + (int)U32(record, 76))];
    }

    /// <summary>0 closed cleanly, 1 in use, 2 an error was found.</summary>
    public uint State { get; }

    /// <summary>The generation.</summary>
    public ulong Generation { get; }

    /// <summary>The image's size.</summary>
    public ulong SizeBlocks { get; }

    /// <summary>How many blocks are free.</summary>
    public ulong FreeBlocks { get; }

    /// <summary>How often the image was opened for writing.</summary>
    public ulong MountEpoch { get; }

    internal int PageCount { get; }

    internal ulong RedoBlock { get; }

    internal byte[] Pages { get; }

    internal byte[] ControlData { get; }

    internal static FormatRoot? Parse(byte[] record, byte[] uuid, int slot)
    {
        bool isRight = record.AsSpan().StartsWith("VFSBROOT"u8)
            && U32(record, 8) == Checksum(record, 8)
            && U32(record, 12) <= 2
            && record.AsSpan(16, 16).SequenceEqual(uuid)
            && U64(record, 32) is > 0 and var generation && generation % SlotCount == (ulong)slot
            && U32(record, 60) <= 480
            && U32(record, 76) <= 4096;
        return isRight ? new FormatRoot(record) : null;
    }
}
