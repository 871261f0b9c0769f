using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_attr</c> (88 bytes): the attributes of a node.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseAttr
{
    /// <summary>The inode number shown by stat(2).</summary>
    public ulong Inode;

    /// <summary>Size in bytes; over 2^63-1 the kernel marks the inode bad.</summary>
    public ulong Size;

    /// <summary>Space taken, in units of 512 bytes.</summary>
    public ulong Blocks;

    /// <summary>Last access: seconds since 1970, signed, in two's complement.</summary>
    public ulong AtimeSeconds;

    /// <summary>Last change of content: seconds since 1970, signed, in two's complement.</summary>
    public ulong MtimeSeconds;

    /// <summary>Last change of attributes: seconds since 1970, signed, in two's complement.</summary>
    public ulong CtimeSeconds;

    /// <summary>Last access: nanoseconds, 0 to 999999999.</summary>
    public uint AtimeNanoseconds;

    /// <summary>Last change of content: nanoseconds, 0 to 999999999.</summary>
    public uint MtimeNanoseconds;

    /// <summary>Last change of attributes: nanoseconds, 0 to 999999999.</summary>
    public uint CtimeNanoseconds;

    /// <summary>Type and permissions, as <c>st_mode</c>; the type bits must never be missing.</summary>
    public uint Mode;

    /// <summary>Number of names.</summary>
    public uint LinkCount;

    /// <summary>Owner's user id.</summary>
    public uint Uid;

    /// <summary>Owner's group id.</summary>
    public uint Gid;

    /// <summary>Device of a special file, in the kernel's 32-bit encoding (new_encode_dev); else 0.</summary>
    public uint DeviceId;

    /// <summary>Preferred size of I/O in bytes.</summary>
    public uint BlockSize;

    /// <summary>Marks that only virtiofs honours.</summary>
    public FuseAttrFlags Flags;
}
