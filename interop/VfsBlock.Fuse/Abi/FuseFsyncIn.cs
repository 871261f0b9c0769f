using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_fsync_in</c> (16 bytes): makes a file or a directory durable.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseFsyncIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>Data alone, or all.</summary>
    public FuseFsyncFlags FsyncFlags;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
