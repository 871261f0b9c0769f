using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_release_in</c> (24 bytes): ends an open file; sent once, after the last close.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseReleaseIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>The file's open flags, <c>O_*</c> of open(2).</summary>
    public uint Flags;

    /// <summary>What else to do.</summary>
    public FuseReleaseFlags ReleaseFlags;

    /// <summary>Names the owner of POSIX locks; opaque, valid only if the flags say so.</summary>
    public ulong LockOwner;
}
