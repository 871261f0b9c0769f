using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_poll_out</c> (8 bytes): answers poll.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FusePollOut
{
    /// <summary><c>POLL*</c> of poll(2): the events that hold.</summary>
    public uint ReadyEvents;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
