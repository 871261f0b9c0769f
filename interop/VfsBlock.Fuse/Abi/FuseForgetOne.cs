using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_forget_one</c> (16 bytes): one node of a batch forget.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseForgetOne
{
    /// <summary>The node.</summary>
    public ulong NodeId;

    /// <summary>How many lookups of the node to take back.</summary>
    public ulong LookupCount;
}
