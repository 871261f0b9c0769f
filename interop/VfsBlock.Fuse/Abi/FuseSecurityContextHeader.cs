using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_secctx_header</c> (8 bytes): starts the security labels of a new file.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseSecurityContextHeader
{
    /// <summary>Bytes of all labels, this header included.</summary>
    public uint Size;

    /// <summary>Number of labels, 0 to 31.</summary>
    public uint Count;
}
