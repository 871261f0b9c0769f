using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_notify_retrieve_in</c> (40 bytes): is the kernel's answer to a retrieve (NOTIFY_REPLY); the data
/// follow.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseNotifyRetrieveIn
{
    /// <summary>Not used; zero.</summary>
    public ulong Unused1;

    /// <summary>Where the data start in the file.</summary>
    public ulong Offset;

    /// <summary>Bytes of data.</summary>
    public uint Size;

    /// <summary>Not used; zero.</summary>
    public uint Unused2;

    /// <summary>Not used; zero.</summary>
    public ulong Unused3;

    /// <summary>Not used; zero.</summary>
    public ulong Unused4;
}
