using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_lk_in</c> (48 bytes): asks for, tests or drops a lock.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseLockIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>Names the owner of the lock; opaque.</summary>
    public ulong Owner;

    /// <summary>The range and the kind.</summary>
    public FuseFileLock Lock;

    /// <summary>POSIX lock or flock.</summary>
    public FuseLockFlags LockFlags;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
