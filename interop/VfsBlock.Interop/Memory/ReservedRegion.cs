using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// A mapping that grows and never moves: a large piece of address space is reserved once, and the file (or memory) is mapped
/// into it from the start as far as it has grown. An address inside the region stays valid through every growth.
/// Reserving costs no memory: a terabyte is fine.
/// </summary>
/// <remarks>
/// Owns the reservation and keeps the file's descriptor open. Growing and shrinking take the region's one lock and may run
/// beside any other operation. Threads and disposal: see <see cref="MemoryRegion"/>.
/// </remarks>
public sealed class ReservedRegion : MemoryRegion
{
    private const MapFlags ReservedFlags = MapFlags.Private | MapFlags.Anonymous | MapFlags.NoReserve;

    private readonly Lock _resizing = new();
    private readonly SafeFileHandle? _file;
    private readonly MapAccess _access;
    private readonly MemoryAdvice[] _advice;
    private long _lengthBytes;

    private ReservedRegion(MappingHandle mapping, SafeFileHandle? file, MapAccess access, long capacityBytes, MemoryAdvice[] advice)
        : base(
            mapping,
            skewBytes: 0,
            fileOffsetBytes: 0,
            isWritable: access != MapAccess.ReadOnly,
            isFileShared: file is not null && access != MapAccess.CopyOnWrite)
    {
        _file = file;
        _access = access;
        _advice = advice;
        CapacityBytes = capacityBytes;
    }

    /// <summary>How far the region can grow, in bytes.</summary>
    public long CapacityBytes { get; }

    /// <summary>How far it has grown, in bytes; 0 to begin with. Offsets run from 0 to this.</summary>
    public override long LengthBytes => Volatile.Read(ref _lengthBytes);

    /// <summary>Reserves address space for a file; nothing is mapped until <see cref="GrowTo"/>.</summary>
    /// <param name="file">A regular file or block device, open for what the access needs.</param>
    /// <param name="access">What the mapping may do.</param>
    /// <param name="capacityBytes">How far it can grow, 1 or more; rounded up to whole pages.</param>
    /// <param name="advice">
    /// Advice for whatever the region grows by: a mapping that is made later does not inherit what was advised before. The kernel may ignore it.
    /// </param>
    /// <exception cref="ErrnoException">There is no such address space: ENOMEM.</exception>
    public static ReservedRegion ForFile(
        SafeFileHandle file, MapAccess access, long capacityBytes, params ReadOnlySpan<MemoryAdvice> advice)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Reserve(file, access, capacityBytes, advice);
    }

    /// <summary>Reserves address space for zeroed memory without a file.</summary>
    /// <inheritdoc cref="ForFile"/>
    public static ReservedRegion Anonymous(long capacityBytes) => Reserve(null, MapAccess.CopyOnWrite, capacityBytes, []);

    /// <summary>Maps the file up to a new length; what is mapped already stays as and where it is.</summary>
    /// <param name="lengthBytes">The new length. If it is not more than the present one, nothing happens.</param>
    /// <param name="allocateSpace">
    /// Give the new part its blocks first, extending the file: a full disk is then ENOSPC here, not SIGBUS later.
    /// </param>
    /// <returns>
    /// None; ENOMEM beyond <see cref="CapacityBytes"/>; ENXIO if the file is shorter; ENOSPC or EOPNOTSUPP from allocating;
    /// what mmap answered. After an error the length is what it was.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The region was disposed.</exception>
    public Errno GrowTo(long lengthBytes, bool allocateSpace = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        using Hold hold = new(this);
        lock (_resizing)
        {
            long oldBytes = _lengthBytes;
            if (lengthBytes <= oldBytes)
            {
                return Errno.None;
            }

            if (lengthBytes > CapacityBytes)
            {
                return Errno.ENOMEM;
            }

            Errno error = _file is null
                ? Errno.None
                : MappedFile.EnsureCovers(Mapping.FileDescriptor, oldBytes, lengthBytes - oldBytes, allocateSpace);
            if (error == Errno.None)
            {
                MapFlags flags = MappedFile.Flags(_access, MapOptions.None) | (_file is null ? MapFlags.Anonymous : default);
                error = Replace(oldBytes, lengthBytes, MappedFile.Protection(_access, MapOptions.None), flags, Mapping.FileDescriptor);
            }

            if (error == Errno.None)
            {
                Advise(oldBytes, lengthBytes);
                Volatile.Write(ref _lengthBytes, lengthBytes);
            }

            return error;
        }
    }

    /// <summary>
    /// Takes the tail out of the mapping; do this <em>before</em> truncating the file. A copy that runs in the tail ends with
    /// EFAULT; a span of it must not be used any more. Memory without a file is given back.
    /// </summary>
    /// <param name="lengthBytes">The new length. If it is not less than the present one, nothing happens.</param>
    /// <returns>None, or what mmap answered.</returns>
    /// <exception cref="ObjectDisposedException">The region was disposed.</exception>
    public Errno ShrinkTo(long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        using Hold hold = new(this);
        lock (_resizing)
        {
            long oldBytes = _lengthBytes;
            if (lengthBytes >= oldBytes)
            {
                return Errno.None;
            }

            Errno error = Replace(lengthBytes, oldBytes, MapProtection.None, ReservedFlags, fileDescriptor: -1);
            if (error == Errno.None)
            {
                Volatile.Write(ref _lengthBytes, lengthBytes);
                ClearTail(lengthBytes);
            }

            return error;
        }
    }

    private static ReservedRegion Reserve(
        SafeFileHandle? file, MapAccess access, long capacityBytes, ReadOnlySpan<MemoryAdvice> advice)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacityBytes, long.MaxValue - PageRange.PageBytes);
        capacityBytes = PageRange.Ceiling(capacityBytes);
        MappingHandle mapping = new();
        Errno error = mapping.Map((nuint)capacityBytes, MapProtection.None, ReservedFlags, file, 0);
        if (error != Errno.None)
        {
            mapping.Dispose();
            throw new ErrnoException(error, $"cannot reserve {capacityBytes} bytes of address space");
        }

        return new ReservedRegion(mapping, file, access, capacityBytes, advice.ToArray());
    }

    /// <summary>Maps the pages that the longer length has and the shorter one has not; never outside the reservation.</summary>
    private Errno Replace(long shorterBytes, long longerBytes, MapProtection protection, MapFlags flags, int fileDescriptor)
    {
        long startBytes = PageRange.Ceiling(shorterBytes);
        long endBytes = PageRange.Ceiling(longerBytes);
        if (startBytes == endBytes)
        {
            return Errno.None;
        }

        nint address = Mapping.Address + (nint)startBytes;
        nint returned = Libc.MMap(
            address, (nuint)(endBytes - startBytes), protection, flags | MapFlags.Fixed, fileDescriptor, startBytes);
        return returned < 0 ? (Errno)(int)-returned : Errno.None;
    }

    private void Advise(long oldBytes, long lengthBytes)
    {
        long startBytes = PageRange.Ceiling(oldBytes);
        long endBytes = PageRange.Ceiling(lengthBytes);
        foreach (MemoryAdvice advice in _advice)
        {
            Libc.MAdvise(Mapping.Address + (nint)startBytes, (nuint)(endBytes - startBytes), (int)advice);
        }
    }

    /// <summary>Zeroes the rest of the last page of memory without a file, so that growing again finds zeros.</summary>
    private unsafe void ClearTail(long lengthBytes)
    {
        if (_file is null)
        {
            int tailBytes = (int)(PageRange.Ceiling(lengthBytes) - lengthBytes);
            new Span<byte>((byte*)Mapping.Address + lengthBytes, tailBytes).Clear();
        }
    }
}
