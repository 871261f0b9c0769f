using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_forget_in</c> (8 bytes): takes lookups back; wants no reply.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseForgetIn
{
    /// <summary>How many lookups of the node to take back.</summary>
    public ulong LookupCount;
}
