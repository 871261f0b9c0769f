using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>mmap(2): the address of the new mapping, or a negated errno.</summary>
    public static nint MMap(
        nint address, nuint lengthBytes, MapProtection protection, MapFlags flags, int fileDescriptor, long offsetBytes) =>
        (nint)Fold((long)mmap(address, lengthBytes, (int)protection, (int)flags, fileDescriptor, offsetBytes));

    /// <summary>munmap(2).</summary>
    public static int MUnmap(nint address, nuint lengthBytes) => Fold(munmap(address, lengthBytes));

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint mmap(nint addr, nuint length, int prot, int flags, int fd, long offset);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int munmap(nint addr, nuint length);
}
