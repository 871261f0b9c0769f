using System.Runtime.InteropServices;

namespace Tmds.Linux;

/// <summary><c>struct stat</c> as x86-64 Linux lays it out (144 bytes): the attributes of a file.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct stat
{
    /// <summary>Device that holds the file; the mount sets it.</summary>
    public dev_t st_dev;

    /// <summary>Inode number; taken only with the mount option <c>use_ino</c>.</summary>
    public ino_t st_ino;

    /// <summary>Number of names.</summary>
    public nlink_t st_nlink;

    /// <summary>Type and permissions; the type must never be missing.</summary>
    public mode_t st_mode;

    /// <summary>Owner.</summary>
    public uid_t st_uid;

    /// <summary>Group.</summary>
    public gid_t st_gid;

#pragma warning disable CS0169, CA1823, IDE0051 // padding
    private readonly int _padding;
#pragma warning restore CS0169, CA1823, IDE0051

    /// <summary>Which device a device node is.</summary>
    public dev_t st_rdev;

    /// <summary>Size in bytes.</summary>
    public off_t st_size;

    /// <summary>Preferred size of I/O in bytes.</summary>
    public blksize_t st_blksize;

    /// <summary>Space taken, in units of 512 bytes.</summary>
    public blkcnt_t st_blocks;

    /// <summary>Last access.</summary>
    public timespec st_atim;

    /// <summary>Last change of content.</summary>
    public timespec st_mtim;

    /// <summary>Last change of attributes.</summary>
    public timespec st_ctim;

    private fixed long _reserved[3];
}
