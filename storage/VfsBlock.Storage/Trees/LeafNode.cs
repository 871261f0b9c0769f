using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>
/// A view of a leaf's memory: slots grow from the front, values from the back. It owns nothing; whoever changes it through this view holds the
/// tree's lock alone. The node was validated, or made by this code: indices and offsets in it are believed.
/// </summary>
internal readonly unsafe ref partial struct LeafNode(byte* node)
{
    /// <summary>A leaf with less than this in use looks for a sibling to merge with.</summary>
    public const int UnderfullBytes = NodeFormat.CapacityBytes / 3;

    /// <summary>A merge must leave room, or the next insert would split again.</summary>
    public const int MergedMaxBytes = NodeFormat.CapacityBytes * 3 / 4;

    private readonly byte* _node = node;

    public int Count => NodeFormat.Header(_node)->Count;

    /// <summary>Bytes of slots and live values.</summary>
    public int UsedBytes => (Count * LeafSlot.SizeBytes) + NodeFormat.SizeBytes - Header->ValueStart - Header->DeadBytes;

    /// <summary>The index behind the item that was inserted last.</summary>
    public int InsertHint => Header->InsertHint;

    public bool IsUnderfull => UsedBytes < UnderfullBytes;

    private NodeHeader* Header => NodeFormat.Header(_node);

    private LeafSlot* Slots => (LeafSlot*)(_node + NodeHeader.SizeBytes);

    /// <summary>Bytes between the slots and the values.</summary>
    private int GapBytes => Header->ValueStart - NodeHeader.SizeBytes - (Count * LeafSlot.SizeBytes);

    public TreeKey KeyAt(int index) => Slots[index].Key;

    public Span<byte> ValueAt(int index) => new(_node + Slots[index].OffsetBytes, Slots[index].LengthBytes);

    /// <summary>What an item takes of the leaf's bytes.</summary>
    public int ItemBytes(int index) => LeafSlot.SizeBytes + Slots[index].LengthBytes;

    /// <summary>The last item whose key is not above <paramref name="key"/>; -1 if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FloorIndex(TreeKey key) => KeySearch.FloorIndex(_node + NodeHeader.SizeBytes, LeafSlot.SizeBytes, Count, key);

    /// <summary>The item with this key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(TreeKey key, out int index)
    {
        index = FloorIndex(key);
        return index >= 0 && Slots[index].Key == key;
    }

    /// <summary>True if the bytes lie in this node, which may move them.</summary>
    public bool Holds(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return start >= _node && start < _node + NodeFormat.SizeBytes;
        }
    }

    /// <summary>Copies the leaf into zeroed memory, without its dead bytes.</summary>
    public void CopyTo(byte* target)
    {
        if (Header->DeadBytes > 0)
        {
            *NodeFormat.Header(target) = *Header;
            new LeafNode(target).Refill(this);
            return;
        }

        int frontBytes = NodeHeader.SizeBytes + (Count * LeafSlot.SizeBytes);
        int start = Header->ValueStart;
        Buffer.MemoryCopy(_node, target, NodeFormat.SizeBytes, frontBytes);
        Buffer.MemoryCopy(_node + start, target + start, NodeFormat.SizeBytes - start, NodeFormat.SizeBytes - start);
    }
}
