using System.Runtime.InteropServices;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>Takes a leaf apart and puts it together again, so that any item can be in it and the leaf itself is sound.</summary>
internal static class LeafBytes
{
    /// <summary>The items of a sound leaf.</summary>
    public static SortedDictionary<TreeKey, byte[]> Read(ReadOnlySpan<byte> node)
    {
        SortedDictionary<TreeKey, byte[]> items = [];
        int count = MemoryMarshal.Read<NodeHeader>(node).Count;
        foreach (LeafSlot slot in MemoryMarshal.Cast<byte, LeafSlot>(node[NodeHeader.SizeBytes..])[..count])
        {
            items[slot.Key] = node.Slice(slot.OffsetBytes, slot.LengthBytes).ToArray();
        }

        return items;
    }

    /// <summary>Writes as many items as there is room for.</summary>
    public static void Write(Span<byte> node, SortedDictionary<TreeKey, byte[]> items)
    {
        ref NodeHeader header = ref MemoryMarshal.AsRef<NodeHeader>(node);
        Span<LeafSlot> slots = MemoryMarshal.Cast<byte, LeafSlot>(node[NodeHeader.SizeBytes..]);
        int valueStart = NodeFormat.SizeBytes;
        int count = 0;
        foreach ((TreeKey key, byte[] value) in items)
        {
            if (value.Length > NodeFormat.MaxValueBytes || valueStart - value.Length < NodeHeader.SizeBytes + ((count + 1) * LeafSlot.SizeBytes))
            {
                continue;
            }

            valueStart -= value.Length;
            value.CopyTo(node[valueStart..]);
            int offsetBytes = value.Length == 0 ? NodeFormat.SizeBytes : valueStart;
            slots[count++] = new LeafSlot { High = key.High, Low = key.Low, OffsetBytes = (ushort)offsetBytes, LengthBytes = (ushort)value.Length };
        }

        header.Count = (ushort)count;
        header.ValueStart = (ushort)valueStart;
        header.DeadBytes = 0;
    }
}
