using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_entry_out</c> (128 bytes): answers every operation that yields a name: lookup, create, link and their
/// like.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseEntryOut
{
    /// <summary>
    /// The node found. 0 with a validity above 0 says that the name does not exist, and may be cached as such.
    /// </summary>
    public ulong NodeId;

    /// <summary>Tells apart nodes that reuse one id; the pair must be unique for ever.</summary>
    public ulong Generation;

    /// <summary>How long the kernel may cache the name: whole seconds.</summary>
    public ulong EntryValidSeconds;

    /// <summary>How long the kernel may cache the attributes: whole seconds.</summary>
    public ulong AttrValidSeconds;

    /// <summary>How long the kernel may cache the name: nanoseconds on top.</summary>
    public uint EntryValidNanoseconds;

    /// <summary>How long the kernel may cache the attributes: nanoseconds on top.</summary>
    public uint AttrValidNanoseconds;

    /// <summary>The attributes of the node.</summary>
    public FuseAttr Attr;
}
