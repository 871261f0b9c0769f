using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_notify_inval_entry_out</c> (16 bytes): drops a cached name; the name and a NUL follow.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseNotifyInvalidateEntry
{
    /// <summary>The directory.</summary>
    public ulong ParentNodeId;

    /// <summary>Bytes of the name, without its NUL.</summary>
    public uint NameLength;

    /// <summary>Drop, or only expire.</summary>
    public FuseInvalidateEntryFlags Flags;
}
