using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_notify_store_out</c> (24 bytes): puts data into the kernel's page cache; the data follow.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseNotifyStore
{
    /// <summary>The node.</summary>
    public ulong NodeId;

    /// <summary>Where the first byte goes.</summary>
    public ulong Offset;

    /// <summary>Bytes of data.</summary>
    public uint Size;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
