using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_getxattr_out</c> (8 bytes): answers getxattr and listxattr of size 0.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseGetXattrOut
{
    /// <summary>Bytes the value or the list takes.</summary>
    public uint Size;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
