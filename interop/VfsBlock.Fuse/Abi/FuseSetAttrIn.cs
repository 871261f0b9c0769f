using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_setattr_in</c> (88 bytes): changes attributes.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseSetAttrIn
{
    /// <summary>Which fields to apply; none at all occurs and wants an answer too.</summary>
    public FuseSetAttrValid Valid;

    /// <summary>Not used; zero.</summary>
    public uint Padding;

    /// <summary>The open file truncated through, if valid.</summary>
    public ulong FileHandle;

    /// <summary>New size in bytes.</summary>
    public ulong Size;

    /// <summary>Names the owner of POSIX locks; opaque, valid only if the flags say so.</summary>
    public ulong LockOwner;

    /// <summary>New access time: seconds since 1970, signed, in two's complement.</summary>
    public ulong AtimeSeconds;

    /// <summary>New content time: seconds since 1970, signed, in two's complement.</summary>
    public ulong MtimeSeconds;

    /// <summary>New attribute time: seconds since 1970, signed, in two's complement.</summary>
    public ulong CtimeSeconds;

    /// <summary>New access time: nanoseconds.</summary>
    public uint AtimeNanoseconds;

    /// <summary>New content time: nanoseconds.</summary>
    public uint MtimeNanoseconds;

    /// <summary>New attribute time: nanoseconds.</summary>
    public uint CtimeNanoseconds;

    /// <summary>New permissions; carries the type bits too.</summary>
    public uint Mode;

    /// <summary>Not used; zero.</summary>
    public uint Unused1;

    /// <summary>New owner's user id.</summary>
    public uint Uid;

    /// <summary>New owner's group id.</summary>
    public uint Gid;

    /// <summary>Not used; zero.</summary>
    public uint Unused2;
}
