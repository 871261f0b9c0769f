using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_write_out</c> (8 bytes): answers write and copy_file_range.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseWriteOut
{
    /// <summary>Bytes written.</summary>
    public uint Size;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
