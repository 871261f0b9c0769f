using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_attr_out</c> (104 bytes): answers getattr and setattr.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseAttrOut
{
    /// <summary>How long the kernel may cache the attributes: whole seconds.</summary>
    public ulong AttrValidSeconds;

    /// <summary>How long the kernel may cache the attributes: nanoseconds on top.</summary>
    public uint AttrValidNanoseconds;

    /// <summary>Not used; zero.</summary>
    public uint Padding;

    /// <summary>The attributes of the node.</summary>
    public FuseAttr Attr;
}
