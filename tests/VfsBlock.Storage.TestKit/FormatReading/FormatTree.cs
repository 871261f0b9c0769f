using static FormatReading.FormatBytes;

namespace FormatReading;

/// <summary>Section 2: the items of a tree, in a dictionary.</summary>
internal sealed class FormatTree
{
    private const int NodeBytes = 16384;
    private const int HeaderBytes = 64;
    private const int SlotBytes = 20;
    private const int EntryBytes = 40;
    private const int MaxValueBytes = 3072;

    private readonly FormatImage _image;
    private readonly uint _id;

    /// <summary>Reads every node from a pointer down.</summary>
    public FormatTree(FormatImage image, uint id, ReadOnlySpan<byte> pointer)
    {
        _image = image;
        _id = id;
        if (U64(pointer, 0) != 0)
        {
            Walk(pointer, level: null, (0, 0), (ulong.MaxValue, ulong.MaxValue), ulong.MaxValue);
        }
    }

    public SortedDictionary<(ulong Hi, ulong Lo), byte[]> Items { get; } = [];

    public List<ulong> NodeBlocks { get; } = [];

    private void Walk(ReadOnlySpan<byte> pointer, int? level, (ulong Hi, ulong Lo) first, (ulong Hi, ulong Lo) limit, ulong youngest)
    {
        byte[] node = Read(pointer, level, youngest);
        int itemCount = U16(node, 38);
        bool isLeaf = node[36] == 0;
        Demand(itemCount > 0 && HeaderBytes + (itemCount * (isLeaf ? SlotBytes : EntryBytes)) <= NodeBytes, $"a node with {itemCount} items");
        (ulong Hi, ulong Lo) previous = default;
        for (int index = 0; index < itemCount; index++)
        {
            int at = HeaderBytes + (index * (isLeaf ? SlotBytes : EntryBytes));
            (ulong Hi, ulong Lo) key = (U64(node, at), U64(node, at + 8));
            Demand(index == 0 || key.CompareTo(previous) > 0, $"key {key} is not in order");
            Demand(key.CompareTo(first) >= 0 && (key.CompareTo(limit) < 0 || limit.Hi == ulong.MaxValue), $"key {key} does not belong below its parent's entry");
            Demand(isLeaf || index > 0 || key == first, $"the first key {key} is not its entry's {first}");
            previous = key;
            if (isLeaf)
            {
                Items.Add(key, Value(node, at));
                continue;
            }

            int next = at + EntryBytes;
            (ulong, ulong) end = index + 1 < itemCount ? (U64(node, next), U64(node, next + 8)) : limit;
            Walk(node.AsSpan(at + 16, 24), node[36] - 1, key, end, U64(node, 24));
        }
    }

    private byte[] Read(ReadOnlySpan<byte> pointer, int? level, ulong youngest)
    {
        ulong block = U64(pointer, 0);
        byte[] node = _image.Read((long)block * _image.Superblock.BlockBytes, NodeBytes);
        bool isRight = node.AsSpan().StartsWith("NODE"u8)
            && U32(node, 4) == Checksum(node, 4)
            && U32(node, 4) == U32(pointer, 16)
            && U64(node, 8) == U64(_image.Superblock.Uuid, 0)
            && U64(node, 16) == block
            && U64(node, 24) == U64(pointer, 8)
            && U64(node, 24) <= youngest
            && U32(node, 32) == _id
            && node[36] <= 15 && (level is null || node[36] == level);
        Demand(isRight, $"the node at block {block} is not what its pointer says");
        for (ulong each = 0; each < NodeBytes / (ulong)_image.Superblock.BlockBytes; each++)
        {
            NodeBlocks.Add(block + each);
        }

        return node;
    }

    private static byte[] Value(byte[] node, int slot)
    {
        int offset = U16(node, slot + 16);
        int length = U16(node, slot + 18);
        Demand(offset >= U16(node, 40) && offset + length <= NodeBytes && length <= MaxValueBytes && (length > 0 || offset == NodeBytes), "a value outside the value area");
        return node[offset..(offset + length)];
    }
}
