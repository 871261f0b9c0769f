using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_create_in</c> (16 bytes): creates and opens a file; also asks for an unnamed one (TMPFILE).
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseCreateIn
{
    /// <summary><c>O_*</c> of open(2).</summary>
    public uint Flags;

    /// <summary>Type and permissions; the umask is applied already unless DONT_MASK was agreed.</summary>
    public uint Mode;

    /// <summary>The caller's umask, for DONT_MASK.</summary>
    public uint Umask;

    /// <summary>The protocol's own flags.</summary>
    public FuseOpenInFlags OpenFlags;
}
