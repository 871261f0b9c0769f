using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_lseek_in</c> (24 bytes): finds data or a hole.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseLseekIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>Where to start, in bytes.</summary>
    public ulong Offset;

    /// <summary><c>SEEK_DATA</c> (3) or <c>SEEK_HOLE</c> (4).</summary>
    public uint Whence;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
