using System.Runtime.InteropServices;
using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.FileSystem;

/// <summary>
/// The two ioctls in which chattr(1), xfs_io(8) and the kernel itself ask for an inode's flags and set them (ioctl_iflags(2), linux/fs.h), in the words of <see cref="InodeFlags"/>.
/// </summary>
internal static class InodeFlagIoctls
{
    /// <summary>FS_IOC_GETFLAGS.</summary>
    public const uint GetFlags = 0x80086601;

    /// <summary>FS_IOC_SETFLAGS.</summary>
    public const uint SetFlags = 0x40086602;

    /// <summary>FS_IOC_FSGETXATTR.</summary>
    public const uint GetXFlags = 0x801C581F;

    /// <summary>FS_IOC_FSSETXATTR.</summary>
    public const uint SetXFlags = 0x401C5820;

    // Each flag as FS_..._FL and as FS_XFLAG_..., which has none for copying on write.
    private static readonly (InodeFlags Flag, uint Bit, uint XBit)[] _bits =
    [
        (InodeFlags.Immutable, 0x10, 0x08),
        (InodeFlags.AppendOnly, 0x20, 0x10),
        (InodeFlags.NoDump, 0x40, 0x80),
        (InodeFlags.NoAccessTime, 0x80, 0x40),
        (InodeFlags.NoCopyOnWrite, 0x800000, 0),
    ];

    /// <summary>Writes an inode's flags as the ioctl wants them.</summary>
    /// <returns>The length of the answer; 0 if there is no room.</returns>
    public static int Write(bool isExtended, in InodeItem inode, Span<byte> output)
    {
        uint bits = 0;
        foreach ((InodeFlags flag, uint bit, uint xBit) in _bits)
        {
            bits |= (inode.Flags & (uint)flag) == 0 ? 0 : isExtended ? xBit : bit;
        }

        if (!isExtended)
        {
            return MemoryMarshal.TryWrite(output, in bits) ? sizeof(uint) : 0;
        }

        var answer = new ExtendedFlags { Flags = bits, ProjectId = inode.ProjectId };
        return MemoryMarshal.TryWrite(output, in answer) ? ExtendedFlags.Bytes : 0;
    }

    /// <summary>Reads what an inode is to have.</summary>
    /// <returns>EINVAL if the input is too short; EOPNOTSUPP for a flag that there is not.</returns>
    public static Errno Read(bool isExtended, ReadOnlySpan<byte> input, in InodeItem before, out InodeFlags flags, out uint? projectId)
    {
        flags = InodeFlags.None;
        projectId = null;
        if (!MemoryMarshal.TryRead(input, out uint bits))
        {
            return Errno.EINVAL;
        }

        foreach ((InodeFlags flag, uint bit, uint xBit) in _bits)
        {
            uint wanted = isExtended ? xBit : bit;
            bool isSet = wanted == 0 ? (before.Flags & (uint)flag) != 0 : (bits & wanted) != 0;
            flags |= isSet ? flag : InodeFlags.None;
            bits &= ~wanted;
        }

        if (isExtended && MemoryMarshal.TryRead(input, out ExtendedFlags extended))
        {
            projectId = extended.ProjectId;
        }

        return bits == 0 ? Errno.None : Errno.EOPNOTSUPP;
    }

    /// <summary><c>struct fsxattr</c> of linux/fs.h.</summary>
    [StructLayout(LayoutKind.Sequential, Size = Bytes)]
    private struct ExtendedFlags
    {
        public const int Bytes = 28;

        public uint Flags;
        public uint ExtentSizeHint;
        public uint ExtentCount;
        public uint ProjectId;
    }
}
