using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// 144 bytes: answers create and tmpfile: an entry, then an open file. The kernel has no name for the pair.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseCreateOut
{
    /// <summary>The new file.</summary>
    public FuseEntryOut Entry;

    /// <summary>Its open handle.</summary>
    public FuseOpenOut Open;
}
