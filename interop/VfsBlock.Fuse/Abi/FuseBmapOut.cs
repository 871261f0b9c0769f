using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_bmap_out</c> (8 bytes): answers bmap.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseBmapOut
{
    /// <summary>Index of the block on the device.</summary>
    public ulong Block;
}
