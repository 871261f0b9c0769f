using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>How much a transfer will copy, for its bar: an estimate, which nothing else depends on.</summary>
internal static class TreeSizes
{
    /// <summary>Bytes of data in the files below a directory of the host.</summary>
    public static long OfHost(byte[] path)
    {
        long total = 0;
        foreach (TreeEntry entry in new HostSource(path, [], new TransferReport()).Read())
        {
            total += DataBytes(entry);
        }

        return total;
    }

    /// <summary>Bytes of data in the files below a directory of a volume.</summary>
    public static long OfVolume(Volume volume, InodeEntry top)
    {
        if (top.Number == InodeNumber.Root)
        {
            VolumeStatistics statistics = volume.GetStatistics();
            return (long)statistics.DataBlocks * statistics.BlockSizeBytes;
        }

        long total = 0;
        foreach (TreeEntry entry in new VolumeSource(volume, top, [], new TransferReport()).Read())
        {
            total += DataBytes(entry);
        }

        return total;
    }

    private static long DataBytes(TreeEntry entry)
    {
        long total = 0;
        long offset = 0;
        while (entry.Data is { } data && data.NextRun(offset, out long start, out offset) == Interop.Errno.None)
        {
            total += offset - start;
        }

        return total;
    }
}
