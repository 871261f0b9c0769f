using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_statx_in</c> (24 bytes): asks for the extended attributes of statx(2), protocol 7.39.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseStatxIn
{
    /// <summary>Says whether the handle is valid.</summary>
    public FuseGetAttrFlags GetAttrFlags;

    /// <summary>Not used; zero.</summary>
    public uint Reserved;

    /// <summary>The open file asked through, if the flags say so.</summary>
    public ulong FileHandle;

    /// <summary><c>AT_STATX_*</c> of statx(2).</summary>
    public uint StatxFlags;

    /// <summary><c>STATX_*</c>: the fields wanted.</summary>
    public uint StatxMask;
}
