using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_removemapping_one</c> (16 bytes): one range to unmap; virtiofs only.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseRemoveMappingOne
{
    /// <summary>Where in the window, in bytes.</summary>
    public ulong WindowOffset;

    /// <summary>Bytes to unmap.</summary>
    public ulong Length;
}
