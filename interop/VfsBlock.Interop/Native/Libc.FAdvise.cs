using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>Read the range into the page cache, and do not wait for it.</summary>
    public const int FileAdviceWillNeed = 3;

    /// <summary>posix_fadvise(2).</summary>
    /// <returns>0, or a negative errno.</returns>
    public static int FAdvise(int fileDescriptor, long offsetBytes, long lengthBytes, int advice) =>
        -posix_fadvise(fileDescriptor, offsetBytes, lengthBytes, advice);

    // It returns the error, and leaves errno alone.
    [LibraryImport(Library)]
    private static partial int posix_fadvise(int fd, long offset, long len, int advice);
}
