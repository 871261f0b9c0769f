using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_notify_delete_out</c> (24 bytes): says that a name is gone; the name and a NUL follow.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseNotifyDelete
{
    /// <summary>The directory.</summary>
    public ulong ParentNodeId;

    /// <summary>The node the name stood for.</summary>
    public ulong ChildNodeId;

    /// <summary>Bytes of the name, without its NUL.</summary>
    public uint NameLength;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
