using System.Buffers.Binary;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The list of blocks that a commit changes in place: a chain of blocks, each with its entries and the checksum of the next (FORMAT.md section
/// 1.4). Stateless; used by the thread that opens or commits.
/// </summary>
internal static class RedoList
{
    private const int HeaderBytes = 24;
    private const int EntryBytes = 24;

    public static int EntriesPerBlock(int blockSizeBytes) => (blockSizeBytes - HeaderBytes) / EntryBytes;

    /// <summary>Reads the list of a root record.</summary>
    /// <returns>False if it is damaged, or names what is not in the image.</returns>
    public static bool TryRead(IBlockDevice device, ImageLayout layout, RootRecord root, out List<RedoEntry> entries)
    {
        entries = [];
        ulong block = root.RedoFirst.Value;
        uint checksum = root.RedoChecksum;
        var bytes = new byte[layout.BlockSizeBytes];
        HashSet<ulong> seen = [];
        if (root.RedoCount > root.SizeBlocks)
        {
            return false;
        }

        while (block != 0)
        {
            // A block that came before would lead on for ever.
            if (!seen.Add(block)
                || !IsInside(layout, root, block)
                || device.Read(bytes, layout.BytesOf(block)).Bytes != bytes.Length
                || Crc32C.Compute(bytes) != checksum)
            {
                return false;
            }

            uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12));

            if (count == 0 || count > EntriesPerBlock(bytes.Length) || entries.Count + count > root.RedoCount)
            {
                return false;
            }

            for (int index = 0; index < count; index++)
            {
                ReadOnlySpan<byte> entry = bytes.AsSpan(HeaderBytes + (index * EntryBytes), EntryBytes);
                var found = new RedoEntry(
                    BinaryPrimitives.ReadUInt64LittleEndian(entry),
                    BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]));
                if (!IsInside(layout, root, found.Target) || !IsInside(layout, root, found.Source))
                {
                    return false;
                }

                entries.Add(found);
            }

            block = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        }

        return entries.Count == root.RedoCount;
    }

    /// <summary>Writes the list into blocks set aside for it, the last first, because each names the next one's checksum.</summary>
    /// <param name="device">The device.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="entries">What to write, 1 or more.</param>
    /// <param name="blocks">Enough blocks.</param>
    /// <param name="root">Gets the list's place.</param>
    public static Errno Write(IBlockDevice device, ImageLayout layout, List<RedoEntry> entries, List<ulong> blocks, RootRecord root)
    {
        int perBlock = EntriesPerBlock(layout.BlockSizeBytes);
        int blockCount = (entries.Count + perBlock - 1) / perBlock;
        using var buffer = new NativeBuffer(layout.BlockSizeBytes);
        Span<byte> bytes = buffer.Span;
        ulong next = 0;
        uint checksum = 0;
        for (int index = blockCount - 1; index >= 0; index--)
        {
            int first = index * perBlock;
            int count = Math.Min(perBlock, entries.Count - first);
            bytes.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, next);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], checksum);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], count);
            for (int entry = 0; entry < count; entry++)
            {
                RedoEntry value = entries[first + entry];
                Span<byte> to = bytes[(HeaderBytes + (entry * EntryBytes))..];
                BinaryPrimitives.WriteUInt64LittleEndian(to, value.Target);
                BinaryPrimitives.WriteUInt64LittleEndian(to[8..], value.Source);
                BinaryPrimitives.WriteUInt32LittleEndian(to[16..], value.Checksum);
            }

            IoResult result = device.Write(bytes, layout.BytesOf(blocks[index]));
            if (!result.Succeeded)
            {
                return result.Error;
            }

            next = blocks[index];
            checksum = Crc32C.Compute(bytes);
        }

        root.RedoFirst = new BlockNumber(next);
        root.RedoCount = (uint)entries.Count;
        root.RedoChecksum = checksum;
        return Errno.None;
    }

    /// <summary>Reads the copy of a block.</summary>
    /// <returns>EIO if it is not what the list says.</returns>
    public static Errno ReadCopy(IBlockDevice device, ImageLayout layout, RedoEntry entry, Span<byte> to)
    {
        IoResult result = device.Read(to, layout.BytesOf(entry.Source));
        return result.Bytes == to.Length && Crc32C.Compute(to) == entry.Checksum ? Errno.None : Errno.EIO;
    }

    private static bool IsInside(ImageLayout layout, RootRecord root, ulong block) =>
        block >= layout.FirstGroupBlock && block < root.SizeBlocks && !layout.IsReserved(block);
}
