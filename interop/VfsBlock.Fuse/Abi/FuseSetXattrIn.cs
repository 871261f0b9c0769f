using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_setxattr_in</c> (16 bytes): sets an extended attribute; only the first 8 bytes come unless
/// SETXATTR_EXT was agreed.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseSetXattrIn
{
    /// <summary>Bytes of the value.</summary>
    public uint Size;

    /// <summary>0, <c>XATTR_CREATE</c> (1) or <c>XATTR_REPLACE</c> (2).</summary>
    public uint Flags;

    /// <summary>What else to do; needs SETXATTR_EXT.</summary>
    public FuseSetXattrFlags SetXattrFlags;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
