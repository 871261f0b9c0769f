using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_lseek_out</c> (8 bytes): answers lseek.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseLseekOut
{
    /// <summary>Where the data or the hole starts, in bytes.</summary>
    public ulong Offset;
}
