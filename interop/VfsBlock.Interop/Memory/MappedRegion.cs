using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// A range of a file, or anonymous memory, mapped at an address of the kernel's choice: any byte offset, any length.
/// The mapping outlives the caller's use of the file handle: it keeps the descriptor open until it is itself unmapped.
/// </summary>
/// <remarks>Owns the mapped pages. Threads and disposal: see <see cref="MemoryRegion"/>.</remarks>
public sealed class MappedRegion : MemoryRegion
{
    private const long HugePageBytes = 2L << 20;

    private MappedRegion(
        MappingHandle mapping, int skewBytes, long fileOffsetBytes, long lengthBytes, bool isWritable, bool isFileShared)
        : base(mapping, skewBytes, fileOffsetBytes, isWritable, isFileShared) => LengthBytes = lengthBytes;

    /// <inheritdoc/>
    public override long LengthBytes { get; }

    /// <summary>Which pages were had if <see cref="MapOptions.HugePages"/> was asked for.</summary>
    public PageBacking Backing { get; private set; }

    /// <summary>Maps a whole file, as long as it is now.</summary>
    /// <inheritdoc cref="MapFile(SafeFileHandle, long, long, MapAccess, MapOptions)"/>
    /// <exception cref="ErrnoException">The kernel refused; EINVAL for an empty file.</exception>
    public static MappedRegion MapFile(SafeFileHandle file, MapAccess access, MapOptions options = MapOptions.None)
    {
        ArgumentNullException.ThrowIfNull(file);
        Errno error = MappedFile.GetLength(file, out long lengthBytes);
        error = error == Errno.None && lengthBytes == 0 ? Errno.EINVAL : error;
        return error == Errno.None
            ? MapFile(file, 0, lengthBytes, access, options)
            : throw MappedFile.Failure(error, file, 0, lengthBytes);
    }

    /// <summary>Maps a range of a file.</summary>
    /// <param name="file">A regular file or block device, open for reading; for reading and writing if the access is ReadWrite.</param>
    /// <param name="offsetBytes">Where in the file; need not be a multiple of anything.</param>
    /// <param name="lengthBytes">How much, 1 or more.</param>
    /// <param name="access">What the mapping may do.</param>
    /// <param name="options">Wishes on how.</param>
    /// <exception cref="ErrnoException">
    /// The kernel refused: EACCES (the handle lacks the access), ENODEV (not a file that can be mapped), ENOMEM (no address
    /// space), ENXIO (the range ends beyond the file), ENOSPC or EOPNOTSUPP (with <see cref="MapOptions.AllocateSpace"/>).
    /// </exception>
    public static MappedRegion MapFile(
        SafeFileHandle file, long offsetBytes, long lengthBytes, MapAccess access, MapOptions options = MapOptions.None)
    {
        ArgumentNullException.ThrowIfNull(file);
        return TryMapFile(file, offsetBytes, lengthBytes, access, options, out Errno error)
            ?? throw MappedFile.Failure(error, file, offsetBytes, lengthBytes);
    }

    /// <summary>Maps zeroed memory without a file.</summary>
    /// <param name="lengthBytes">How much, 1 or more.</param>
    /// <param name="isShared">Whether a child process made by fork shares it instead of getting a copy.</param>
    /// <param name="options">Wishes on how; <see cref="MapOptions.AllocateSpace"/> means nothing here.</param>
    /// <exception cref="ErrnoException">The kernel refused: ENOMEM.</exception>
    public static MappedRegion MapAnonymous(
        long lengthBytes, bool isShared = false, MapOptions options = MapOptions.None)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, long.MaxValue - HugePageBytes);
        MapProtection protection = MappedFile.Protection(MapAccess.ReadWrite, options);
        MapFlags flags = MapFlags.Anonymous
            | MappedFile.Flags(isShared ? MapAccess.ReadWrite : MapAccess.CopyOnWrite, options);

        if (options.HasFlag(MapOptions.HugePages))
        {
            long roundedBytes = (lengthBytes + HugePageBytes - 1) & -HugePageBytes;
            MappingHandle huge = new();
            if (huge.Map((nuint)roundedBytes, protection, flags | MapFlags.HugeTlb | MapFlags.Huge2MiB, null, 0) == Errno.None)
            {
                return new MappedRegion(huge, 0, 0, lengthBytes, isWritable: true, isFileShared: false)
                {
                    Backing = PageBacking.ReservedHugePages,
                };
            }

            huge.Dispose();
        }

        MappingHandle mapping = new();
        Errno error = mapping.Map((nuint)lengthBytes, protection, flags, null, 0);
        if (error != Errno.None)
        {
            mapping.Dispose();
            throw new ErrnoException(error, $"cannot map {lengthBytes} bytes of memory");
        }

        MappedRegion region = new(mapping, 0, 0, lengthBytes, isWritable: true, isFileShared: false);
        region.AskForHugePages(options);
        return region;
    }

    /// <summary>As <see cref="MapFile(SafeFileHandle, long, long, MapAccess, MapOptions)"/>, with the failure as a value.</summary>
    internal static MappedRegion? TryMapFile(
        SafeFileHandle file, long offsetBytes, long lengthBytes, MapAccess access, MapOptions options, out Errno error)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, long.MaxValue - PageRange.PageBytes - offsetBytes);
        using DescriptorLease lease = new(file);
        error = MappedFile.EnsureCovers(lease.Descriptor, offsetBytes, lengthBytes, options.HasFlag(MapOptions.AllocateSpace));
        if (error != Errno.None)
        {
            return null;
        }

        int skewBytes = (int)(offsetBytes - PageRange.Floor(offsetBytes));
        MappingHandle mapping = new();
        error = mapping.Map(
            (nuint)(lengthBytes + skewBytes),
            MappedFile.Protection(access, options),
            MappedFile.Flags(access, options),
            file,
            offsetBytes - skewBytes);
        if (error != Errno.None)
        {
            mapping.Dispose();
            return null;
        }

        bool isWritable = access != MapAccess.ReadOnly;
        bool isFileShared = access != MapAccess.CopyOnWrite;
        MappedRegion region = new(mapping, skewBytes, offsetBytes, lengthBytes, isWritable, isFileShared);
        region.AskForHugePages(options);
        return region;
    }

    private void AskForHugePages(MapOptions options)
    {
        if (options.HasFlag(MapOptions.HugePages) && Advise(0, LengthBytes, MemoryAdvice.HugePage) == Errno.None)
        {
            Backing = PageBacking.TransparentHugePages;
        }
    }
}
