using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Reads and judges the bitmap of a group. Stateless; waits for the device.</summary>
internal static unsafe class BitmapReader
{
    /// <summary>Memory for a group's bitmaps with the first read in.</summary>
    /// <returns>Null if the bitmap cannot be read or believed.</returns>
    public static NativeBuffer? Read(IBlockDevice device, ImageLayout layout, int group, int blockCount, GroupDescriptor descriptor)
    {
        int reservedCount = layout.ReservedBlocks(group);
        NativeBuffer bitmaps = BlockGroup.NewBitmaps(reservedCount, blockCount);
        if (!descriptor.IsWritten)
        {
            return bitmaps;
        }

        Span<byte> bytes = bitmaps.Span[..ImageLayout.BitmapBytes];
        IoResult result = device.Read(bytes, layout.BitmapOffsetBytes(group, descriptor.Slot));
        if (result.Bytes == bytes.Length && Crc32C.Compute(bytes) == descriptor.Checksum && IsPlausible((ulong*)bitmaps.Address, reservedCount, blockCount, descriptor))
        {
            return bitmaps;
        }

        bitmaps.Dispose();
        return null;
    }

    private static bool IsPlausible(ulong* bits, int reservedCount, int blockCount, GroupDescriptor descriptor) =>
        BlockBits.NextClear(bits, 0, reservedCount) == reservedCount
        && BlockBits.NextClear(bits, blockCount, ImageLayout.BlocksPerGroup) == ImageLayout.BlocksPerGroup
        && blockCount - BlockBits.CountSet(bits, 0, blockCount) == descriptor.FreeBlocks;
}
