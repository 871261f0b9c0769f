using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>Checks a node that came from a device before anything in it is believed (FORMAT.md section 2).</summary>
/// <remarks>Stateless; any thread may call it. It reads no byte outside the node, whatever the node says, and takes a few microseconds.</remarks>
public static unsafe class NodeValidator
{
    /// <summary>Checks the node against the pointer that led to it, and then everything that can be told from the node alone.</summary>
    /// <param name="node">Its <see cref="NodeFormat.SizeBytes"/> bytes; nobody changes them during the call.</param>
    /// <param name="pointer">What led here.</param>
    /// <param name="imageId">First 8 bytes of the image's uuid.</param>
    /// <returns>The first fault found.</returns>
    /// <exception cref="ArgumentException">Fewer bytes than a node has.</exception>
    public static NodeFault Validate(ReadOnlySpan<byte> node, in NodePointer pointer, ulong imageId)
    {
        if (node.Length < NodeFormat.SizeBytes)
        {
            throw new ArgumentException($"A node has {NodeFormat.SizeBytes} bytes, not {node.Length}.", nameof(node));
        }

        fixed (byte* start = node)
        {
            NodeFault fault = CheckIdentity(start, pointer, imageId);
            return fault != NodeFault.None ? fault : CheckContent(start);
        }
    }

    private static NodeFault CheckIdentity(byte* node, in NodePointer pointer, ulong imageId)
    {
        NodeHeader* header = NodeFormat.Header(node);
        if (header->Magic != NodeHeader.MagicValue)
        {
            return NodeFault.Magic;
        }

        if (header->ImageId != imageId)
        {
            return NodeFault.Image;
        }

        if (header->Block != pointer.Block.Value)
        {
            return NodeFault.Block;
        }

        if (header->Generation != pointer.Generation)
        {
            return NodeFault.Generation;
        }

        uint checksum = NodeFormat.ComputeChecksum(new ReadOnlySpan<byte>(node, NodeFormat.SizeBytes));
        return header->Checksum == checksum && pointer.Checksum == checksum ? NodeFault.None : NodeFault.Checksum;
    }

    private static NodeFault CheckContent(byte* node)
    {
        NodeHeader* header = NodeFormat.Header(node);
        int count = header->Count;
        if (header->Level > NodeFormat.MaxLevel)
        {
            return NodeFault.Level;
        }

        bool isLeaf = header->Level == 0;
        if (count == 0 || count > (isLeaf ? NodeFormat.MaxItemCount : NodeFormat.MaxEntryCount))
        {
            return NodeFault.Count;
        }

        if (!IsAscending(node, isLeaf ? LeafSlot.SizeBytes : InnerEntry.SizeBytes, count))
        {
            return NodeFault.KeyOrder;
        }

        return isLeaf ? CheckValues(node, header, count) : CheckPointers(node, header, count);
    }

    private static bool IsAscending(byte* node, int strideBytes, int count)
    {
        byte* at = node + NodeHeader.SizeBytes;
        for (int i = 1; i < count; i++, at += strideBytes)
        {
            var before = new TreeKey(((ulong*)at)[0], ((ulong*)at)[1]);
            byte* next = at + strideBytes;
            if (before >= new TreeKey(((ulong*)next)[0], ((ulong*)next)[1]))
            {
                return false;
            }
        }

        return true;
    }

    [SkipLocalsInit]
    private static NodeFault CheckValues(byte* node, NodeHeader* header, int count)
    {
        int start = header->ValueStart;
        if (start > NodeFormat.SizeBytes || start < NodeHeader.SizeBytes + (count * LeafSlot.SizeBytes))
        {
            return NodeFault.ValueRange;
        }

        Span<ulong> taken = stackalloc ulong[NodeFormat.SizeBytes / 64];
        taken.Clear();
        var slots = (LeafSlot*)(node + NodeHeader.SizeBytes);
        int liveBytes = 0;
        for (int i = 0; i < count; i++)
        {
            int offsetBytes = slots[i].OffsetBytes;
            int lengthBytes = slots[i].LengthBytes;
            bool isInside = offsetBytes >= start && offsetBytes + lengthBytes <= NodeFormat.SizeBytes;
            if (!isInside || lengthBytes > NodeFormat.MaxValueBytes || (lengthBytes == 0 && offsetBytes != NodeFormat.SizeBytes))
            {
                return NodeFault.ValueRange;
            }

            if (!TryTake(taken, offsetBytes, lengthBytes))
            {
                return NodeFault.ValueOverlap;
            }

            liveBytes += lengthBytes;
        }

        return liveBytes + header->DeadBytes == NodeFormat.SizeBytes - start ? NodeFault.None : NodeFault.DeadBytes;
    }

    /// <summary>Marks a range of bytes in a bitmap; false if one of them was marked already.</summary>
    private static bool TryTake(Span<ulong> taken, int offsetBytes, int lengthBytes)
    {
        int end = offsetBytes + lengthBytes;
        while (offsetBytes < end)
        {
            int bit = offsetBytes % 64;
            int bitCount = Math.Min(64 - bit, end - offsetBytes);
            ulong mask = (ulong.MaxValue >> (64 - bitCount)) << bit;
            ref ulong word = ref taken[offsetBytes / 64];
            if ((word & mask) != 0)
            {
                return false;
            }

            word |= mask;
            offsetBytes += bitCount;
        }

        return true;
    }

    private static NodeFault CheckPointers(byte* node, NodeHeader* header, int count)
    {
        if (header->ValueStart != 0 || header->DeadBytes != 0)
        {
            return NodeFault.DeadBytes;
        }

        var entries = (InnerEntry*)(node + NodeHeader.SizeBytes);
        for (int i = 0; i < count; i++)
        {
            if (entries[i].Block is 0 or >= LogFormat.BlockLimit || entries[i].Block == header->Block || entries[i].Generation > header->Generation)
            {
                return NodeFault.Pointer;
            }
        }

        return NodeFault.None;
    }
}
