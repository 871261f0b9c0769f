using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_mknod_in</c> (16 bytes): makes a file of any type but a directory.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseMknodIn
{
    /// <summary>Type and permissions; the umask is applied already unless DONT_MASK was agreed.</summary>
    public uint Mode;

    /// <summary>Device of a special file, in the kernel's 32-bit encoding (new_encode_dev).</summary>
    public uint DeviceId;

    /// <summary>The caller's umask, for DONT_MASK.</summary>
    public uint Umask;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
