using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_rename2_in</c> (16 bytes): renames with flags; the header names the old directory.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseRename2In
{
    /// <summary>Node of the directory the new name goes to.</summary>
    public ulong NewDirectory;

    /// <summary><c>RENAME_*</c> of renameat2(2).</summary>
    public uint Flags;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
