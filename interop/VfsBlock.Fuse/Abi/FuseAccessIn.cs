using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_access_in</c> (8 bytes): checks permissions; never sent with default_permissions.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseAccessIn
{
    /// <summary><c>R_OK</c>, <c>W_OK</c>, <c>X_OK</c> of access(2).</summary>
    public uint Mask;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
