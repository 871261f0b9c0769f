using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>The first 64 bytes of a batch (FORMAT.md section 3). Little-endian, as every machine that this runs on.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct LogBatchHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int SizeBytes = 64;

    /// <summary>The ASCII bytes <c>VLOG</c>.</summary>
    public const uint MagicValue = 0x474F4C56;

    /// <summary>Where the checksum lies, which is taken as zero when it is computed.</summary>
    public const int ChecksumOffset = 4;

    [FieldOffset(0)]
    public uint Magic;

    [FieldOffset(ChecksumOffset)]
    public uint Checksum;

    [FieldOffset(8)]
    public ulong ImageId;

    [FieldOffset(16)]
    public ulong Generation;

    [FieldOffset(24)]
    public ulong Sequence;

    [FieldOffset(32)]
    public uint PreviousChecksum;

    [FieldOffset(36)]
    public uint PageCount;

    [FieldOffset(40)]
    public uint RecordBytes;

    [FieldOffset(44)]
    public uint RecordCount;

    [FieldOffset(48)]
    public ulong FlushedThrough;

    [FieldOffset(56)]
    public ulong Reserved;
}
