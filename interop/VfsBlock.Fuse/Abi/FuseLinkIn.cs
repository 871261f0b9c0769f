using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_link_in</c> (8 bytes): gives a file one more name; the header names the directory.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseLinkIn
{
    /// <summary>Node of the file.</summary>
    public ulong OldNodeId;
}
