using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>The ring of root records on a device. Stateless; one thread writes at a time.</summary>
internal static class RootRing
{
    public static long OffsetBytes(ulong generation) =>
        ImageLayout.RootRingOffsetBytes + ((long)(generation % ImageLayout.RootSlotCount) * RootRecord.SizeBytes);

    /// <summary>Every valid record of the image, the newest first.</summary>
    /// <exception cref="StorageException">The device cannot be read.</exception>
    public static List<RootRecord> Read(IBlockDevice device, Guid imageId, ImageLayout layout)
    {
        List<RootRecord> records = [];
        var buffer = new byte[RootRecord.SizeBytes];
        for (ulong slot = 0; slot < ImageLayout.RootSlotCount; slot++)
        {
            IoResult result = device.Read(buffer, OffsetBytes(slot));

            // A slot that cannot be read is like one that is torn: the others decide.
            RootRecord? record = result.Bytes == buffer.Length ? RootRecord.Decode(buffer, imageId, layout) : null;
            if (record is not null && record.Generation % ImageLayout.RootSlotCount == slot)
            {
                records.Add(record);
            }
        }

        records.Sort((left, right) => right.Generation.CompareTo(left.Generation));
        return records;
    }

    /// <summary>Writes a record into its slot; durable after the next flush.</summary>
    /// <param name="device">The device.</param>
    /// <param name="record">What to write.</param>
    /// <param name="buffer">Aligned memory of at least a record.</param>
    public static Errno Write(IBlockDevice device, RootRecord record, NativeBuffer buffer)
    {
        Span<byte> bytes = buffer.Span[..RootRecord.SizeBytes];
        record.Encode(bytes);
        return device.Write(bytes, OffsetBytes(record.Generation)).Error;
    }
}
