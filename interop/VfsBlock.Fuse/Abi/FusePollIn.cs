using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_poll_in</c> (24 bytes): asks which events a file is ready for.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FusePollIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>The kernel's handle, to name in a wake-up.</summary>
    public ulong PollHandle;

    /// <summary>Whether a wake-up is wanted.</summary>
    public FusePollFlags Flags;

    /// <summary><c>POLL*</c> of poll(2): the events asked for.</summary>
    public uint Events;
}
