using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_in_header</c> (40 bytes): starts every request.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseInHeader
{
    /// <summary>Bytes of the whole request, this header included.</summary>
    public uint Length;

    /// <summary>The operation asked for.</summary>
    public FuseOpcode Opcode;

    /// <summary>
    /// Names the request; its reply carries the same value. Even, except for an interrupt; bit 63 marks a resent
    /// request.
    /// </summary>
    public ulong Unique;

    /// <summary>The node operated on: the directory for operations with a name. 0 where none is meant.</summary>
    public ulong NodeId;

    /// <summary>
    /// The caller's user id for file access (fsuid); 0xffffffff on most requests of an id-mapped mount.
    /// </summary>
    public uint Uid;

    /// <summary>
    /// The caller's group id for file access (fsgid); 0xffffffff on most requests of an id-mapped mount.
    /// </summary>
    public uint Gid;

    /// <summary>The caller's thread id in the server's pid namespace; 0 for work of the kernel's own.</summary>
    public uint ProcessId;

    /// <summary>Extensions at the end of the request, in units of 8 bytes.</summary>
    public ushort ExtensionUnits;

    /// <summary>Not used; zero.</summary>
    public ushort Padding;
}
