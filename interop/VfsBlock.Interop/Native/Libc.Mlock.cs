using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>mlock(2).</summary>
    public static int MLock(nint address, nuint lengthBytes) => Fold(mlock(address, lengthBytes));

    /// <summary>munlock(2).</summary>
    public static int MUnlock(nint address, nuint lengthBytes) => Fold(munlock(address, lengthBytes));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int mlock(nint addr, nuint len);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int munlock(nint addr, nuint len);
}
