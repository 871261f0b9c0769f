using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_copy_file_range_out</c> (8 bytes): answers the 64-bit copy_file_range, protocol 7.45.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseCopyFileRangeOut
{
    /// <summary>Bytes copied.</summary>
    public ulong BytesCopied;
}
