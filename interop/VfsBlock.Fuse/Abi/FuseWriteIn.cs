using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_write_in</c> (40 bytes): writes a file; the data follow.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseWriteIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>Where the first byte goes.</summary>
    public ulong Offset;

    /// <summary>Bytes of data that follow.</summary>
    public uint Size;

    /// <summary>What kind of write it is.</summary>
    public FuseWriteFlags WriteFlags;

    /// <summary>Names the owner of POSIX locks; opaque, valid only if the flags say so.</summary>
    public ulong LockOwner;

    /// <summary>The file's open flags, <c>O_*</c> of open(2).</summary>
    public uint Flags;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
