using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_file_lock</c> (24 bytes): a byte-range lock.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseFileLock
{
    /// <summary>First byte locked.</summary>
    public ulong Start;

    /// <summary>Last byte locked, itself included; 2^63-1 means to the end of the file.</summary>
    public ulong End;

    /// <summary><c>F_RDLCK</c> (0), <c>F_WRLCK</c> (1) or <c>F_UNLCK</c> (2).</summary>
    public uint Type;

    /// <summary>Process that holds the lock.</summary>
    public uint ProcessId;
}
