using System.Text;
using static FormatReading.FormatBytes;

namespace FormatReading;

/// <summary>Section 1.1.</summary>
public sealed class FormatSuperblock
{
    internal const int SizeBytes = 4096;

    private FormatSuperblock(byte[] page)
    {
        Uuid = page[40..56];
        Label = Encoding.UTF8.GetString(page, 56, 64).TrimEnd('\0');
        BlockBytes = U32(page, 120);
        Content = Encoding.ASCII.GetString(page, 128, 8).TrimEnd('\0');
        SizeLimitBlocks = U64(page, 136);
        CreatedSeconds = I64(page, 144);
    }

    /// <summary>The uuid.</summary>
    public byte[] Uuid { get; }

    /// <summary>The label.</summary>
    public string Label { get; }

    /// <summary>The block size.</summary>
    public long BlockBytes { get; }

    /// <summary>What the blocks hold.</summary>
    public string Content { get; }

    /// <summary>The image never grows beyond; 0 for no limit.</summary>
    public ulong SizeLimitBlocks { get; }

    /// <summary>When it was made, in seconds since 1970.</summary>
    public long CreatedSeconds { get; }

    internal static FormatSuperblock? Parse(byte[] page)
    {
        bool isRight = page.AsSpan().StartsWith("VFSBLOCK"u8)
            && U32(page, 8) == Checksum(page, 8)
            && U32(page, 12) == 1
            && U64(page, 32) == 0
            && U32(page, 120) is >= 4096 and <= 65536 && U32(page, 120) % 4096 == 0
            && U32(page, 124) == FormatGroups.BlocksPerGroup
            && U32(page, 156) == 1;
        return isRight ? new FormatSuperblock(page) : null;
    }
}
