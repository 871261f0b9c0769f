using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_ioctl_out</c> (16 bytes): answers ioctl; its output data follow.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseIoctlOut
{
    /// <summary>What the call returns.</summary>
    public int Result;

    /// <summary><see cref="FuseIoctlFlags.Retry"/>, for unrestricted (CUSE) calls only.</summary>
    public FuseIoctlFlags Flags;

    /// <summary>With Retry: number of input ranges that follow.</summary>
    public uint InVectorCount;

    /// <summary>With Retry: number of output ranges that follow.</summary>
    public uint OutVectorCount;
}
