using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_direntplus</c> (152 bytes): the fixed part of a directory record with attributes; the name follows,
/// zero-padded to 8 bytes.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseDirentPlus
{
    /// <summary>
    /// What a lookup would answer. A node id that is not 0 counts as a lookup, except for "." and "..".
    /// </summary>
    public FuseEntryOut Entry;

    /// <summary>The plain record.</summary>
    public FuseDirent Dirent;
}
