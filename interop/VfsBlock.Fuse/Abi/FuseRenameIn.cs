using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_rename_in</c> (8 bytes): renames; the header names the old directory.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseRenameIn
{
    /// <summary>Node of the directory the new name goes to.</summary>
    public ulong NewDirectory;
}
