using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_backing_map</c> (16 bytes): registers a backing file (FUSE_DEV_IOC_BACKING_OPEN).</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseBackingMap
{
    /// <summary>The backing file, open.</summary>
    public int FileDescriptor;

    /// <summary>None defined; zero.</summary>
    public uint Flags;

    /// <summary>Not used; zero.</summary>
    public ulong Padding;
}
