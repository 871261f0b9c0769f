using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_getxattr_in</c> (8 bytes): reads one extended attribute or the list of their names.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseGetXattrIn
{
    /// <summary>Room of the caller in bytes; 0 asks for the needed size alone.</summary>
    public uint Size;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
