using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>pread(2): reads at an offset and leaves the descriptor's position alone.</summary>
    public static long PRead(int fileDescriptor, void* buffer, nuint lengthBytes, long offsetBytes) =>
        Fold(pread(fileDescriptor, buffer, lengthBytes, offsetBytes));

    /// <summary>pwrite(2): writes at an offset and leaves the descriptor's position alone.</summary>
    public static long PWrite(int fileDescriptor, void* buffer, nuint lengthBytes, long offsetBytes) =>
        Fold(pwrite(fileDescriptor, buffer, lengthBytes, offsetBytes));

    [LibraryImport(Library, SetLastError = true)]
    private static partial long pread(int fd, void* buf, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    private static partial long pwrite(int fd, void* buf, nuint count, long offset);
}
