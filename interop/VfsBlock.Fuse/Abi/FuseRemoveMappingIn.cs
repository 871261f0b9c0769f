using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_removemapping_in</c> (4 bytes): starts an unmap of the DAX window; virtiofs only.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseRemoveMappingIn
{
    /// <summary>Number of <see cref="FuseRemoveMappingOne"/> that follow.</summary>
    public uint Count;
}
