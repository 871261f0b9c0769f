using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_statx</c> (256 bytes): the attributes of statx(2).</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FuseStatx
{
    /// <summary>
    /// <c>STATX_*</c>: the fields filled. The kernel uses the basic ones only if all of STATX_BASIC_STATS (0x7ff) is
    /// set.
    /// </summary>
    public uint Mask;

    /// <summary>Preferred size of I/O in bytes.</summary>
    public uint BlockSize;

    /// <summary><c>STATX_ATTR_*</c> that are set; the kernel does not forward them to callers.</summary>
    public ulong Attributes;

    /// <summary>Number of names.</summary>
    public uint LinkCount;

    /// <summary>Owner's user id.</summary>
    public uint Uid;

    /// <summary>Owner's group id.</summary>
    public uint Gid;

    /// <summary>Type and permissions, as <c>st_mode</c>.</summary>
    public ushort Mode;

    /// <summary>Not used; zero.</summary>
    public ushort Padding;

    /// <summary>The inode number.</summary>
    public ulong Inode;

    /// <summary>Size in bytes.</summary>
    public ulong Size;

    /// <summary>Space taken, in units of 512 bytes.</summary>
    public ulong Blocks;

    /// <summary><c>STATX_ATTR_*</c> that the file system knows.</summary>
    public ulong AttributesMask;

    /// <summary>Last access.</summary>
    public FuseStatxTimestamp Atime;

    /// <summary>Birth: when the file was created.</summary>
    public FuseStatxTimestamp Btime;

    /// <summary>Last change of attributes.</summary>
    public FuseStatxTimestamp Ctime;

    /// <summary>Last change of content.</summary>
    public FuseStatxTimestamp Mtime;

    /// <summary>Major number of a special file.</summary>
    public uint DeviceIdMajor;

    /// <summary>Minor number of a special file.</summary>
    public uint DeviceIdMinor;

    /// <summary>Major number of the device the file lies on.</summary>
    public uint DeviceMajor;

    /// <summary>Minor number of the device the file lies on.</summary>
    public uint DeviceMinor;

    /// <summary>Not used; zero.</summary>
    public fixed ulong Spare[14];
}
