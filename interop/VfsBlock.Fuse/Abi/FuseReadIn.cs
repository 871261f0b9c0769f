using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_read_in</c> (40 bytes): reads a file or a directory.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseReadIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>First byte wanted; for a directory the cookie to go on after, 0 at the start.</summary>
    public ulong Offset;

    /// <summary>Bytes wanted at most.</summary>
    public uint Size;

    /// <summary>Says whether the lock owner is valid.</summary>
    public FuseReadFlags ReadFlags;

    /// <summary>Names the owner of POSIX locks; opaque, valid only if the flags say so.</summary>
    public ulong LockOwner;

    /// <summary>The file's open flags, <c>O_*</c> of open(2).</summary>
    public uint Flags;

    /// <summary>Not used; zero.</summary>
    public uint Padding;
}
