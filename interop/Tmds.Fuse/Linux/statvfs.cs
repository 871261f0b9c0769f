using System.Runtime.InteropServices;

namespace Tmds.Linux;

/// <summary><c>struct statvfs</c> as 64-bit Linux lays it out (112 bytes): the space of a file system.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct statvfs
{
    /// <summary>Preferred size of I/O in bytes.</summary>
    public ulong_t f_bsize;

    /// <summary>Unit of the block counts in bytes.</summary>
    public ulong_t f_frsize;

    /// <summary>Size, in units of <see cref="f_frsize"/>.</summary>
    public fsblkcnt_t f_blocks;

    /// <summary>Free space, in units of <see cref="f_frsize"/>.</summary>
    public fsblkcnt_t f_bfree;

    /// <summary>Free space for ordinary users, in units of <see cref="f_frsize"/>.</summary>
    public fsblkcnt_t f_bavail;

    /// <summary>Number of files there can be.</summary>
    public fsfilcnt_t f_files;

    /// <summary>Number of files that are free.</summary>
    public fsfilcnt_t f_ffree;

    /// <summary>Number of files that are free for ordinary users; FUSE does not carry it.</summary>
    public fsfilcnt_t f_favail;

    /// <summary>Id of the file system; FUSE does not carry it.</summary>
    public ulong_t f_fsid;

    /// <summary>Flags of the mount; FUSE does not carry them.</summary>
    public ulong_t f_flag;

    /// <summary>Longest name in bytes.</summary>
    public ulong_t f_namemax;

    private fixed int _reserved[6];
}
