using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_interrupt_in</c> (8 bytes): says that the caller of a request got a signal; wants no reply.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseInterruptIn
{
    /// <summary>The request whose caller got it.</summary>
    public ulong Unique;
}
