using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_ext_header</c> (8 bytes): starts an extension of a request.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseExtensionHeader
{
    /// <summary>Bytes of the extension, this header included.</summary>
    public uint Size;

    /// <summary>What it holds; up to 31 it is a <see cref="FuseSecurityContextHeader"/> instead.</summary>
    public FuseExtensionType Type;
}
