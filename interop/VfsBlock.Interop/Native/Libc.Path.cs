using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>PATH_MAX: the longest path, with its closing zero byte, that <see cref="RealPath"/> writes.</summary>
    public const int PathBytes = 4096;

    /// <summary>
    /// realpath(3): the absolute path without links into a buffer of <see cref="PathBytes"/>; 0, or a negated errno.
    /// </summary>
    public static int RealPath(byte* path, byte* resolved) => realpath(path, resolved) == null ? Fold(-1) : 0;

    [LibraryImport(Library, SetLastError = true)]
    private static partial byte* realpath(byte* path, byte* resolved);
}
