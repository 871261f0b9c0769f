using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_batch_forget_in</c> (8 bytes): starts a batch forget; wants no reply.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseBatchForgetIn
{
    /// <summary>Number of <see cref="FuseForgetOne"/> that follow.</summary>
    public uint Count;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
