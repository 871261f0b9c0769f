using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_notify_poll_wakeup_out</c> (8 bytes): wakes who polls a file.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseNotifyPollWakeup
{
    /// <summary>The kernel's handle from <see cref="FusePollIn.PollHandle"/>.</summary>
    public ulong PollHandle;
}
