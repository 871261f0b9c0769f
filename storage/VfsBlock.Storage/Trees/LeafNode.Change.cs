using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <content>Changes.</content>
internal readonly unsafe ref partial struct LeafNode
{
    /// <summary>Puts an item before <paramref name="index"/> if it fits.</summary>
    public bool TryInsert(int index, TreeKey key, ReadOnlySpan<byte> value)
    {
        if (!MakeRoom(LeafSlot.SizeBytes + value.Length))
        {
            return false;
        }

        int count = Count;
        LeafSlot* slot = Slots + index;
        int tailBytes = (count - index) * LeafSlot.SizeBytes;
        Buffer.MemoryCopy(slot, slot + 1, tailBytes, tailBytes);
        slot->High = key.High;
        slot->Low = key.Low;
        Header->Count = (ushort)(count + 1);
        Header->InsertHint = (ushort)(index + 1);
        StoreValue(slot, value);
        return true;
    }

    /// <summary>Gives an item another value if it fits; in place if the value is not longer.</summary>
    public bool TryReplace(int index, ReadOnlySpan<byte> value)
    {
        LeafSlot* slot = Slots + index;
        int shrinkBytes = slot->LengthBytes - value.Length;
        if (shrinkBytes >= 0 && value.Length > 0)
        {
            ReleaseValue(slot->OffsetBytes, shrinkBytes);
            slot->OffsetBytes += (ushort)shrinkBytes;
            slot->LengthBytes = (ushort)value.Length;
            value.CopyTo(ValueAt(index));
            return true;
        }

        if (GapBytes + Header->DeadBytes + slot->LengthBytes < value.Length)
        {
            return false;
        }

        ReleaseValue(slot->OffsetBytes, slot->LengthBytes);
        slot->OffsetBytes = NodeFormat.SizeBytes;
        slot->LengthBytes = 0;
        MakeRoom(value.Length);
        StoreValue(slot, value);
        return true;
    }

    /// <summary>Takes <paramref name="count"/> items out, from <paramref name="index"/> on.</summary>
    public void Remove(int index, int count)
    {
        LeafSlot* slot = Slots + index;
        for (int i = 0; i < count; i++)
        {
            ReleaseValue(slot[i].OffsetBytes, slot[i].LengthBytes);
        }

        int remaining = Count - count;
        int tailBytes = (remaining - index) * LeafSlot.SizeBytes;
        Buffer.MemoryCopy(slot + count, slot, tailBytes, tailBytes);
        new Span<byte>(Slots + remaining, count * LeafSlot.SizeBytes).Clear();
        Header->Count = (ushort)remaining;
    }

    /// <summary>Moves the items from <paramref name="index"/> on into an empty leaf.</summary>
    public void MoveTailTo(LeafNode empty, int index)
    {
        empty.Append(this, index, Count - index);
        Remove(index, Count - index);
    }

    /// <summary>Takes over copies of a neighbour's items, which lie all before or all behind its own, and fit.</summary>
    [SkipLocalsInit]
    public void Absorb(LeafNode neighbour, bool isBefore)
    {
        byte* scratch = stackalloc byte[NodeFormat.SizeBytes];
        LeafNode self = CopyToScratch(scratch);
        Clear();
        Append(isBefore ? neighbour : self, 0, isBefore ? neighbour.Count : self.Count);
        Append(isBefore ? self : neighbour, 0, isBefore ? self.Count : neighbour.Count);
    }

    /// <summary>Moves the live values together until at least so much lies between slots and values.</summary>
    private bool MakeRoom(int bytes)
    {
        if (GapBytes >= bytes)
        {
            return true;
        }

        if (GapBytes + Header->DeadBytes < bytes)
        {
            return false;
        }

        Compact();
        return true;
    }

    [SkipLocalsInit]
    private void Compact()
    {
        byte* scratch = stackalloc byte[NodeFormat.SizeBytes];
        Refill(CopyToScratch(scratch));
    }

    private LeafNode CopyToScratch(byte* scratch)
    {
        Buffer.MemoryCopy(_node, scratch, NodeFormat.SizeBytes, NodeFormat.SizeBytes);
        return new LeafNode(scratch);
    }

    /// <summary>Makes the content that of another leaf, values packed.</summary>
    private void Refill(LeafNode source)
    {
        Clear();
        Append(source, 0, source.Count);
    }

    private void Clear()
    {
        Header->Count = 0;
        Header->ValueStart = NodeFormat.SizeBytes;
        Header->DeadBytes = 0;
    }

    /// <summary>Adds copies of another leaf's items behind its own. The gap is large enough.</summary>
    private void Append(LeafNode source, int index, int count)
    {
        LeafSlot* target = Slots + Count;
        LeafSlot* slot = source.Slots + index;
        byte* end = _node + Header->ValueStart;
        for (int i = 0; i < count; i++, slot++, target++)
        {
            int lengthBytes = slot->LengthBytes;
            *target = *slot;
            if (lengthBytes > 0)
            {
                end -= lengthBytes;
                target->OffsetBytes = (ushort)(end - _node);
                Unsafe.CopyBlockUnaligned(end, source._node + slot->OffsetBytes, (uint)lengthBytes);
            }
        }

        Header->ValueStart = (ushort)(end - _node);
        Header->Count += (ushort)count;
    }

    private void StoreValue(LeafSlot* slot, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            slot->OffsetBytes = NodeFormat.SizeBytes;
            slot->LengthBytes = 0;
            return;
        }

        Header->ValueStart -= (ushort)value.Length;
        slot->OffsetBytes = Header->ValueStart;
        slot->LengthBytes = (ushort)value.Length;
        value.CopyTo(new Span<byte>(_node + slot->OffsetBytes, value.Length));
    }

    /// <summary>The lowest value's bytes go back to the gap at once; others are dead until the leaf is compacted.</summary>
    private void ReleaseValue(int offsetBytes, int lengthBytes)
    {
        if (offsetBytes == Header->ValueStart)
        {
            Header->ValueStart += (ushort)lengthBytes;
        }
        else
        {
            Header->DeadBytes += (ushort)lengthBytes;
        }
    }
}
