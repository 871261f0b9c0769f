using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_open_in</c> (8 bytes): opens a file or a directory.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseOpenIn
{
    /// <summary>
    /// <c>O_*</c> of open(2), without O_CREAT, O_EXCL and O_NOCTTY; O_TRUNC only if ATOMIC_O_TRUNC was agreed.
    /// </summary>
    public uint Flags;

    /// <summary>The protocol's own flags.</summary>
    public FuseOpenInFlags OpenFlags;
}
