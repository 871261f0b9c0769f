using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_ioctl_in</c> (32 bytes): passes an ioctl(2) on; its input data follow.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseIoctlIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>How the call came.</summary>
    public FuseIoctlFlags Flags;

    /// <summary>The request number of the call.</summary>
    public uint Command;

    /// <summary>The argument of the call: an address in the caller, or a number.</summary>
    public ulong Argument;

    /// <summary>Bytes of input that follow.</summary>
    public uint InSize;

    /// <summary>Bytes of output the caller takes at most.</summary>
    public uint OutSize;
}
