namespace VfsBlock.Storage;

/// <summary>Where the intent log lies on the device.</summary>
/// <param name="OffsetBytes">Its first byte, a multiple of 4096.</param>
/// <param name="PageCount">Its length in pages, <see cref="LogFormat.MinRingPages"/> or more.</param>
public readonly record struct LogRing(long OffsetBytes, int PageCount)
{
    /// <summary>Where a page lies on the device, in bytes.</summary>
    internal long PageOffsetBytes(uint page) => OffsetBytes + ((long)page * LogFormat.PageBytes);

    /// <summary>The page that lies <paramref name="pageCount"/> behind, around the ring's end.</summary>
    internal uint Advance(uint page, int pageCount) => (uint)((page + (ulong)pageCount) % (ulong)PageCount);

    /// <summary>Refuses a ring that no log can live in.</summary>
    /// <exception cref="ArgumentException">Too short, not aligned, or not inside the device.</exception>
    internal void Demand(IBlockDevice device)
    {
        bool isSound = PageCount >= LogFormat.MinRingPages && OffsetBytes >= 0 && OffsetBytes % LogFormat.PageBytes == 0
            && OffsetBytes <= device.SizeBytes - ((long)PageCount * LogFormat.PageBytes);
        if (!isSound)
        {
            throw new ArgumentException(
                $"{device.Name} ({device.SizeBytes} bytes) has no room for a log of {PageCount} pages at {OffsetBytes}; it takes {LogFormat.MinRingPages} pages or more, aligned, inside the device");
        }
    }
}
