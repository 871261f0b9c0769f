using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <content>What the file is.</content>
public sealed unsafe partial class HostFile
{
    // BLKGETSIZE64 of linux/fs.h, _IOR(0x12, 114, size_t).
    private const ulong GetBlockDeviceSize = 0x8008_1272;

    /// <summary>Asks what the file is, how large, and what O_DIRECT wants of it. statx(2), ioctl BLKGETSIZE64.</summary>
    /// <param name="facts">The answers if there was no error.</param>
    /// <returns>None, or why not; EOVERFLOW for a size beyond <see cref="long.MaxValue"/>.</returns>
    public Errno GetFacts(out HostFileFacts facts)
    {
        const int TypeMask = 0xF000, RegularFile = 0x8000, BlockDevice = 0x6000;
        facts = default;
        using DescriptorLease lease = Lease();
        byte emptyPath = 0;
        Statx status;
        int returned = Libc.StatX(
            lease.Descriptor, &emptyPath, Libc.EmptyPath, Libc.StatxBasic | Libc.StatxDirectAlignment, &status);
        HostFileKind kind = (status.Mode & TypeMask) switch
        {
            RegularFile => HostFileKind.RegularFile,
            BlockDevice => HostFileKind.BlockDevice,
            _ => HostFileKind.Other,
        };
        ulong sizeBytes = status.SizeBytes;
        if (returned >= 0 && kind == HostFileKind.BlockDevice)
        {
            returned = Libc.Ioctl(lease.Descriptor, GetBlockDeviceSize, &sizeBytes);
        }

        if (returned < 0)
        {
            return (Errno)(-returned);
        }

        if (sizeBytes > long.MaxValue)
        {
            return Errno.EOVERFLOW;
        }

        int? alignmentBytes = (status.Mask & Libc.StatxDirectAlignment) == 0
            ? null
            : (int)Math.Max(status.DirectMemoryAlignment, status.DirectOffsetAlignment);
        facts = new HostFileFacts(kind, (long)sizeBytes, alignmentBytes);
        return Errno.None;
    }
}
