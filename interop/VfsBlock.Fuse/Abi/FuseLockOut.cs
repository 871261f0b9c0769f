using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_lk_out</c> (24 bytes): answers GETLK.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseLockOut
{
    /// <summary>The lock in the way, or type <c>F_UNLCK</c>.</summary>
    public FuseFileLock Lock;
}
