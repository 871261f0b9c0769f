using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>The sizes of a node (FORMAT.md section 2), and its checksum.</summary>
public static unsafe class NodeFormat
{
    /// <summary>Bytes of a node.</summary>
    public const int SizeBytes = 16384;

    /// <summary>The longest value of an item, in bytes.</summary>
    public const int MaxValueBytes = 3072;

    /// <summary>The highest level that a root may have. At a hundred entries a node, three levels hold a million leaves.</summary>
    public const int MaxLevel = 15;

    /// <summary>Bytes of a leaf that slots and values share.</summary>
    internal const int CapacityBytes = SizeBytes - NodeHeader.SizeBytes;

    /// <summary>How many entries an inner node holds.</summary>
    internal const int MaxEntryCount = CapacityBytes / InnerEntry.SizeBytes;

    /// <summary>How many items a leaf holds, if they have no values.</summary>
    internal const int MaxItemCount = CapacityBytes / LeafSlot.SizeBytes;

    /// <summary>CRC32C of a node, its checksum field taken as zero.</summary>
    public static uint ComputeChecksum(ReadOnlySpan<byte> node)
    {
        ReadOnlySpan<byte> zero = [0, 0, 0, 0];
        uint checksum = Crc32C.Append(0, node[..NodeHeader.ChecksumOffset]);
        checksum = Crc32C.Append(checksum, zero);
        return Crc32C.Append(checksum, node[(NodeHeader.ChecksumOffset + zero.Length)..SizeBytes]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static NodeHeader* Header(byte* node) => (NodeHeader*)node;

    /// <summary>Computes the checksum of a node that will not change any more, and writes it down in it.</summary>
    internal static uint Seal(byte* node) => Header(node)->Checksum = ComputeChecksum(new ReadOnlySpan<byte>(node, SizeBytes));

    /// <summary>Begins an empty node in zeroed memory.</summary>
    internal static void Initialize(byte* node, ulong imageId, in NodePointer pointer, uint treeId, int level)
    {
        NodeHeader* header = Header(node);
        header->Magic = NodeHeader.MagicValue;
        header->ImageId = imageId;
        header->Block = pointer.Block.Value;
        header->Generation = pointer.Generation;
        header->TreeId = treeId;
        header->Level = (byte)level;
        header->ValueStart = level == 0 ? (ushort)SizeBytes : (ushort)0;
    }
}
