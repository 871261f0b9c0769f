using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_fallocate_in</c> (32 bytes): allocates, frees or zeroes a range of a file.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseFallocateIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>First byte of the range.</summary>
    public ulong Offset;

    /// <summary>Bytes of the range.</summary>
    public ulong Length;

    /// <summary><c>FALLOC_FL_*</c> of fallocate(2).</summary>
    public uint Mode;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
