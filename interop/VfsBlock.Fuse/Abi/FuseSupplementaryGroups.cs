using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_supp_groups</c> (4 bytes): the caller's groups; the group ids follow, 4 bytes each.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseSupplementaryGroups
{
    /// <summary>Number of group ids that follow.</summary>
    public uint Count;
}
