using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>What a leaf says about one item: its key, and where in the node its value lies (FORMAT.md section 2).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = SizeBytes)]
internal struct LeafSlot
{
    public const int SizeBytes = 20;

    public ulong High;
    public ulong Low;

    /// <summary>From the node's beginning; its end (16384) for an empty value.</summary>
    public ushort OffsetBytes;
    public ushort LengthBytes;

    public readonly TreeKey Key => new(High, Low);
}
