using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_dirent</c> (24 bytes): the fixed part of a directory record; the name follows, zero-padded to 8
/// bytes.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseDirent
{
    /// <summary>Inode number of the entry.</summary>
    public ulong Inode;

    /// <summary>Where to go on <em>after</em> this entry.</summary>
    public ulong NextCookie;

    /// <summary>Bytes of the name, without any NUL.</summary>
    public uint NameLength;

    /// <summary>File type: the mode shifted right by 12, <c>DT_*</c> of readdir(3).</summary>
    public uint Type;
}
