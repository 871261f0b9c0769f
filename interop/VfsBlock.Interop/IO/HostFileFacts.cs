using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>What everybody asks of an open file before using it. A plain value, true at the moment of asking.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="SizeBytes">Its size; of a block device its capacity, of a pipe or another device 0.</param>
/// <param name="DirectAlignmentBytes">
/// What O_DIRECT wants of offsets, lengths and addresses; 0 if O_DIRECT is refused; null where the kernel (before 6.1) or the file system does not say.
/// </param>
public readonly record struct HostFileFacts(HostFileKind Kind, long SizeBytes, int? DirectAlignmentBytes)
{
    /// <summary>True for what ends somewhere and can be mapped: a regular file or a block device.</summary>
    public bool HasSize => Kind != HostFileKind.Other;

    /// <summary>Asks the kernel: statx(2), and for a block device, whose size is not there, ioctl BLKGETSIZE64.</summary>
    /// <param name="descriptor">Any descriptor; the caller keeps it open.</param>
    /// <param name="facts">The answers if there is no error, else all zero.</param>
    /// <returns>None, or why not: what the calls say; EOVERFLOW for a size beyond <see cref="long.MaxValue"/>.</returns>
    internal static unsafe Errno Ask(int descriptor, out HostFileFacts facts)
    {
        facts = default;
        byte emptyPath = 0;
        Statx status;
        int returned = Libc.StatX(
            descriptor, &emptyPath, Libc.EmptyPath, Libc.StatxBasic | Libc.StatxDirectAlignment, &status);
        if (returned < 0)
        {
            return (Errno)(-returned);
        }

        HostFileKind kind = KindOf(status.Mode);
        ulong sizeBytes = status.SizeBytes;
        if (kind == HostFileKind.BlockDevice)
        {
            returned = Libc.Ioctl(descriptor, Libc.BlockDeviceSizeBytes, &sizeBytes);
        }

        if (returned < 0)
        {
            return (Errno)(-returned);
        }

        if (sizeBytes > long.MaxValue)
        {
            return Errno.EOVERFLOW;
        }

        facts = new HostFileFacts(kind, (long)sizeBytes, DirectAlignmentOf(status));
        return Errno.None;
    }

    private static HostFileKind KindOf(ushort mode)
    {
        const int TypeMask = 0xF000, RegularFile = 0x8000, BlockDevice = 0x6000;
        return (mode & TypeMask) switch
        {
            RegularFile => HostFileKind.RegularFile,
            BlockDevice => HostFileKind.BlockDevice,
            _ => HostFileKind.Other,
        };
    }

    private static int? DirectAlignmentOf(in Statx status) => (status.Mask & Libc.StatxDirectAlignment) == 0
        ? null
        : (int)Math.Max(status.DirectMemoryAlignment, status.DirectOffsetAlignment);
}
