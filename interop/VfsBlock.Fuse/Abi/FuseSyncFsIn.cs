using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_syncfs_in</c> (8 bytes): makes the whole file system durable; not sent on plain fuse mounts.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseSyncFsIn
{
    /// <summary>Not used; zero.</summary>
    public ulong Padding;
}
