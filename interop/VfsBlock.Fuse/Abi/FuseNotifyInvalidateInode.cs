using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_notify_inval_inode_out</c> (24 bytes): drops a node's cached attributes and data.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseNotifyInvalidateInode
{
    /// <summary>The node.</summary>
    public ulong NodeId;

    /// <summary>First byte to drop; negative drops the attributes alone.</summary>
    public long Offset;

    /// <summary>Bytes to drop; 0 or less means to the end of the file.</summary>
    public long Length;
}
