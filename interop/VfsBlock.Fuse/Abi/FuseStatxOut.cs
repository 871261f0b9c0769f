using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_statx_out</c> (288 bytes): answers statx.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FuseStatxOut
{
    /// <summary>How long the kernel may cache the attributes: whole seconds.</summary>
    public ulong AttrValidSeconds;

    /// <summary>How long the kernel may cache the attributes: nanoseconds on top.</summary>
    public uint AttrValidNanoseconds;

    /// <summary>None defined; zero.</summary>
    public uint Flags;

    /// <summary>Not used; zero.</summary>
    public fixed ulong Spare[2];

    /// <summary>The attributes.</summary>
    public FuseStatx Stat;
}
