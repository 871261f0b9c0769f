using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_out_header</c> (16 bytes): starts every reply and every notification.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseOutHeader
{
    /// <summary>Bytes of the whole message, this header included.</summary>
    public uint Length;

    /// <summary>
    /// 0, or a negated errno and then no payload follows. In a notification: its <see cref="FuseNotifyCode"/>.
    /// </summary>
    public int Error;

    /// <summary>The request answered; 0 in a notification.</summary>
    public ulong Unique;
}
