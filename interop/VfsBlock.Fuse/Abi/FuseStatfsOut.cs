using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_statfs_out</c> (80 bytes): answers statfs.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FuseStatfsOut
{
    /// <summary>Size of the file system, in units of <see cref="FragmentSize"/>.</summary>
    public ulong Blocks;

    /// <summary>Free space, in units of <see cref="FragmentSize"/>.</summary>
    public ulong BlocksFree;

    /// <summary>Free space for ordinary users, in units of <see cref="FragmentSize"/>.</summary>
    public ulong BlocksAvailable;

    /// <summary>Number of inodes there can be.</summary>
    public ulong Files;

    /// <summary>Number of inodes that are free.</summary>
    public ulong FilesFree;

    /// <summary>Preferred size of I/O in bytes.</summary>
    public uint BlockSize;

    /// <summary>Longest name in bytes.</summary>
    public uint NameLength;

    /// <summary>Unit of the block counts in bytes.</summary>
    public uint FragmentSize;

    /// <summary>Not used; zero.</summary>
    public uint Padding;

    /// <summary>Not used; zero.</summary>
    public fixed uint Spare[6];
}
