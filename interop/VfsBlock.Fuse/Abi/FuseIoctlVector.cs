using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_ioctl_iovec</c> (16 bytes): a range of the caller's memory, for a retried ioctl.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseIoctlVector
{
    /// <summary>Address in the caller.</summary>
    public ulong Base;

    /// <summary>Length in bytes.</summary>
    public ulong Length;
}
