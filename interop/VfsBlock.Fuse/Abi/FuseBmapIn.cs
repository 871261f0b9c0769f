using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_bmap_in</c> (16 bytes): maps a block of a file to one of the device; fuseblk only.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseBmapIn
{
    /// <summary>Index of the block in the file.</summary>
    public ulong Block;

    /// <summary>Bytes of a block.</summary>
    public uint BlockSize;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
