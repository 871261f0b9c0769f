using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <content>Extended attributes of what a path names, of a symbolic link itself too.</content>
internal static unsafe partial class Libc
{
    /// <summary>llistxattr(2).</summary>
    public static long ListXattrs(byte* path, byte* list, nuint listBytes) => Fold(llistxattr(path, list, listBytes));

    /// <summary>lgetxattr(2).</summary>
    public static long GetXattr(byte* path, byte* name, byte* value, nuint valueBytes) => Fold(lgetxattr(path, name, value, valueBytes));

    /// <summary>lsetxattr(2).</summary>
    public static int SetXattr(byte* path, byte* name, byte* value, nuint valueBytes) => Fold(lsetxattr(path, name, value, valueBytes, 0));

    [LibraryImport(Library, SetLastError = true)]
    private static partial long llistxattr(byte* path, byte* list, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long lgetxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int lsetxattr(byte* path, byte* name, byte* value, nuint size, int flags);
}
