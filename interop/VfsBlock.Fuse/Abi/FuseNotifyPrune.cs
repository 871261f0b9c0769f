using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_notify_prune_out</c> (16 bytes): asks to drop unused nodes; their ids follow, 8 bytes each. Protocol
/// 7.45.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseNotifyPrune
{
    /// <summary>Number of node ids that follow.</summary>
    public uint Count;

    /// <summary>Not used; zero.</summary>
    public uint Padding;

    /// <summary>Not used; zero.</summary>
    public ulong Spare;
}
