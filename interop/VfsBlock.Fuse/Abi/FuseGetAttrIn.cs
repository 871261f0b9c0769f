using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_getattr_in</c> (16 bytes): asks for attributes; absent before protocol 7.9.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseGetAttrIn
{
    /// <summary>Says whether the handle is valid.</summary>
    public FuseGetAttrFlags Flags;

    /// <summary>Not used; zero.</summary>
    public uint Padding;

    /// <summary>The open file asked through, if the flags say so.</summary>
    public ulong FileHandle;
}
