using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>A view of an inner node's memory. It owns nothing; whoever changes it through this view holds the tree's lock alone.</summary>
internal readonly unsafe ref struct InnerNode(byte* node)
{
    /// <summary>Fewer entries than this make a node look for a sibling to merge with.</summary>
    public const int UnderfullCount = NodeFormat.MaxEntryCount / 4;

    /// <summary>A merge must leave room, or the next insert would split again.</summary>
    public const int MergedMaxCount = NodeFormat.MaxEntryCount * 3 / 4;

    private readonly byte* _node = node;

    public int Count => NodeFormat.Header(_node)->Count;

    public bool IsFull => Count == NodeFormat.MaxEntryCount;

    public bool IsUnderfull => Count < UnderfullCount;

    private InnerEntry* Entries => (InnerEntry*)(_node + NodeHeader.SizeBytes);

    public TreeKey KeyAt(int index) => Entries[index].Key;

    public NodePointer PointerAt(int index) => Entries[index].Pointer;

    public void SetPointer(int index, in NodePointer pointer) => Entries[index].Pointer = pointer;

    public void SetChecksum(int index, uint checksum) => Entries[index].Checksum = checksum;

    /// <summary>The child that holds <paramref name="key"/>. Only in a damaged node can the key lie below all; then it is the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ChildIndex(TreeKey key) => Math.Max(0, KeySearch.FloorIndex(_node + NodeHeader.SizeBytes, InnerEntry.SizeBytes, Count, key));

    /// <summary>Puts an entry before <paramref name="index"/>. The node is not full.</summary>
    public void Insert(int index, TreeKey key, in NodePointer pointer)
    {
        InnerEntry* entry = Entries + index;
        Move(entry, entry + 1, Count - index);
        entry->Key = key;
        entry->Pointer = pointer;
        NodeFormat.Header(_node)->Count++;
    }

    /// <summary>
    /// Takes an entry out. A neighbour takes its range over: the one before by itself, and where there is none the one behind gets its key,
    /// so that a node's first key stays what its parent says.
    /// </summary>
    public void Remove(int index)
    {
        int count = Count;
        InnerEntry* entry = Entries + index;
        if (index == 0 && count > 1)
        {
            entry[1].Key = entry->Key;
        }

        Move(entry + 1, entry, count - index - 1);
        Entries[count - 1] = default;
        NodeFormat.Header(_node)->Count = (ushort)(count - 1);
    }

    /// <summary>Moves the entries from <paramref name="index"/> on into an empty node.</summary>
    public void MoveTailTo(InnerNode empty, int index)
    {
        int count = Count;
        int tailCount = count - index;
        InnerEntry* tail = Entries + index;
        Move(tail, empty.Entries, tailCount);
        NodeFormat.Header(empty._node)->Count = (ushort)tailCount;
        new Span<byte>(tail, tailCount * InnerEntry.SizeBytes).Clear();
        NodeFormat.Header(_node)->Count = (ushort)index;
    }

    /// <summary>Takes over copies of a neighbour's entries, which lie all before or all behind its own.</summary>
    public void Absorb(InnerNode neighbour, bool isBefore)
    {
        int count = Count;
        int addedCount = neighbour.Count;
        if (isBefore)
        {
            Move(Entries, Entries + addedCount, count);
        }

        Move(neighbour.Entries, Entries + (isBefore ? 0 : count), addedCount);
        NodeFormat.Header(_node)->Count = (ushort)(count + addedCount);
    }

    /// <summary>Copies the node's content into zeroed memory.</summary>
    public void CopyTo(byte* target) => Buffer.MemoryCopy(_node, target, NodeFormat.SizeBytes, NodeHeader.SizeBytes + (Count * InnerEntry.SizeBytes));

    private static void Move(InnerEntry* from, InnerEntry* to, int count) =>
        Buffer.MemoryCopy(from, to, count * InnerEntry.SizeBytes, count * InnerEntry.SizeBytes);
}
