using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_mkdir_in</c> (8 bytes): makes a directory.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseMkdirIn
{
    /// <summary>Permissions; the umask is applied already unless DONT_MASK was agreed.</summary>
    public uint Mode;

    /// <summary>The caller's umask, for DONT_MASK.</summary>
    public uint Umask;
}
