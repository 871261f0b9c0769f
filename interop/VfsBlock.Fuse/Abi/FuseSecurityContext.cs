using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_secctx</c> (8 bytes): one security label; a NUL-terminated name and the value follow.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseSecurityContext
{
    /// <summary>Bytes of the value.</summary>
    public uint Size;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
