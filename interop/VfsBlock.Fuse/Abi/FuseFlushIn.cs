using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_flush_in</c> (24 bytes): comes with every close(2); the answer is what close returns.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseFlushIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>Not used; zero.</summary>
    public uint Unused;

    /// <summary>Not used; zero.</summary>
    public uint Padding;

    /// <summary>Names the owner whose POSIX locks end.</summary>
    public ulong LockOwner;
}
