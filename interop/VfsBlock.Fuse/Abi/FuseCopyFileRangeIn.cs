using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_copy_file_range_in</c> (56 bytes): copies within the file system; the header names the source.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseCopyFileRangeIn
{
    /// <summary>Handle of the source.</summary>
    public ulong InFileHandle;

    /// <summary>First byte of the source.</summary>
    public ulong InOffset;

    /// <summary>Node of the target.</summary>
    public ulong OutNodeId;

    /// <summary>Handle of the target.</summary>
    public ulong OutFileHandle;

    /// <summary>Where the first byte goes in the target.</summary>
    public ulong OutOffset;

    /// <summary>Bytes to copy.</summary>
    public ulong Length;

    /// <summary>None defined (copy_file_range(2)).</summary>
    public ulong Flags;
}
