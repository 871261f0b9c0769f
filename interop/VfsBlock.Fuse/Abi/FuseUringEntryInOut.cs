using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_uring_ent_in_out</c> (32 bytes): the transport's own part of a ring buffer header. Protocol 7.42.
/// </summary>
/// <remarks>Source: linux/fuse.h, protocol 7.42.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseUringEntryInOut
{
    /// <summary>None before protocol 7.46; left as it came.</summary>
    public ulong Flags;

    /// <summary>Names the entry when its reply is committed.</summary>
    public ulong CommitId;

    /// <summary>Bytes in the payload buffer: of the request, then of the reply.</summary>
    public uint PayloadSize;

    /// <summary>Not used; zero.</summary>
    public uint Padding;

    /// <summary>Not used; zero.</summary>
    public ulong Reserved;
}
