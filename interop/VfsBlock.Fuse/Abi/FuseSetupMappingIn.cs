using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_setupmapping_in</c> (40 bytes): maps a part of a file into the DAX window; virtiofs only.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseSetupMappingIn
{
    /// <summary>
    /// The handle the server gave in <see cref="FuseOpenOut.FileHandle"/>; 0 where it serves no opens.
    /// </summary>
    public ulong FileHandle;

    /// <summary>First byte of the file.</summary>
    public ulong FileOffset;

    /// <summary>Bytes to map.</summary>
    public ulong Length;

    /// <summary>Access wanted.</summary>
    public FuseSetupMappingFlags Flags;

    /// <summary>Where in the window, in bytes.</summary>
    public ulong WindowOffset;
}
