using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>One child of an inner node: the lowest key that it may hold, and where it lies (FORMAT.md section 2).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = SizeBytes)]
internal struct InnerEntry
{
    public const int SizeBytes = 40;

    public ulong High;
    public ulong Low;
    public ulong Block;
    public ulong Generation;
    public uint Checksum;
    public uint Reserved;

    public TreeKey Key
    {
        readonly get => new(High, Low);
        set => (High, Low) = (value.High, value.Low);
    }

    public NodePointer Pointer
    {
        readonly get => new(new BlockNumber(Block), Generation, Checksum);
        set => (Block, Generation, Checksum, Reserved) = (value.Block.Value, value.Generation, value.Checksum, 0);
    }
}
