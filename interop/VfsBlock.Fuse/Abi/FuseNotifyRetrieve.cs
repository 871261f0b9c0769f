using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_notify_retrieve_out</c> (32 bytes): asks for data in the kernel's page cache.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseNotifyRetrieve
{
    /// <summary>Chosen by the server; the answer carries it as its unique.</summary>
    public ulong NotifyUnique;

    /// <summary>The node.</summary>
    public ulong NodeId;

    /// <summary>First byte wanted.</summary>
    public ulong Offset;

    /// <summary>Bytes wanted.</summary>
    public uint Size;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
