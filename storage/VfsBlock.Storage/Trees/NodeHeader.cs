using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>The first 64 bytes of a node, laid over its memory (FORMAT.md section 2).</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct NodeHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int SizeBytes = 64;

    /// <summary>The ASCII bytes <c>NODE</c>.</summary>
    public const uint MagicValue = 0x45444F4E;

    /// <summary>Where the checksum lies, which is taken as zero when it is computed.</summary>
    public const int ChecksumOffset = 4;

    [FieldOffset(0)]
    public uint Magic;

    [FieldOffset(ChecksumOffset)]
    public uint Checksum;

    [FieldOffset(8)]
    public ulong ImageId;

    [FieldOffset(16)]
    public ulong Block;

    [FieldOffset(24)]
    public ulong Generation;

    [FieldOffset(32)]
    public uint TreeId;

    [FieldOffset(36)]
    public byte Level;

    [FieldOffset(37)]
    public byte Flags;

    [FieldOffset(38)]
    public ushort Count;

    [FieldOffset(40)]
    public ushort ValueStart;

    [FieldOffset(42)]
    public ushort DeadBytes;

    /// <summary>Behind the slot that was inserted last: where the next one goes if keys ascend. A hint, believed by nobody.</summary>
    [FieldOffset(44)]
    public ushort InsertHint;
}
