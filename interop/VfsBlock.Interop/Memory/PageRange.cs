namespace VfsBlock.Interop;

/// <summary>A range of whole pages of address space.</summary>
/// <param name="Address">The first byte; a multiple of the page size.</param>
/// <param name="LengthBytes">A multiple of the page size; may be 0.</param>
internal readonly record struct PageRange(nint Address, nuint LengthBytes)
{
    /// <summary>The base page size in bytes, a power of two.</summary>
    public static int PageBytes => Environment.SystemPageSize;

    /// <summary>Down to the start of a page.</summary>
    public static long Floor(long bytes) => bytes & -(long)PageBytes;

    /// <summary>Up to a whole number of pages; <paramref name="bytes"/> is at least a page below the type's end.</summary>
    public static long Ceiling(long bytes) => Floor(bytes + PageBytes - 1);

    /// <summary>The pages of which some byte lies in the range; none for an empty range.</summary>
    public static PageRange Touched(nint address, long lengthBytes)
    {
        long start = Floor(address);
        return new PageRange((nint)start, lengthBytes == 0 ? 0 : (nuint)(Ceiling(address + lengthBytes) - start));
    }

    /// <summary>The pages of which every byte lies in the range.</summary>
    public static PageRange Inside(nint address, long lengthBytes)
    {
        long start = Ceiling(address);
        long end = Floor(address + lengthBytes);
        return new PageRange((nint)start, end <= start ? 0 : (nuint)(end - start));
    }
}
