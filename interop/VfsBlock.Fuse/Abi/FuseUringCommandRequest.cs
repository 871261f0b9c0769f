using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_uring_cmd_req</c> (24 bytes): the command area of a submission (byte 48 of the 128-byte SQE).
/// </summary>
/// <remarks>Source: linux/fuse.h, protocol 7.42.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FuseUringCommandRequest
{
    /// <summary>None before protocol 7.46; zero.</summary>
    public ulong Flags;

    /// <summary>
    /// From <see cref="FuseUringEntryInOut.CommitId"/> when a reply is committed; 0 when registering.
    /// </summary>
    public ulong CommitId;

    /// <summary>Index of the queue: that of the CPU.</summary>
    public ushort QueueId;

    /// <summary>Not used; zero.</summary>
    public fixed byte Padding[6];
}
