using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>ftruncate(2): cuts or grows the file; what is new reads as zeros and has no blocks.</summary>
    public static int FTruncate(int fileDescriptor, long sizeBytes) => Fold(ftruncate(fileDescriptor, sizeBytes));

    /// <summary>fallocate(2).</summary>
    public static int FAllocate(int fileDescriptor, FallocateModes modes, long offsetBytes, long lengthBytes) =>
        Fold(fallocate(fileDescriptor, (int)modes, offsetBytes, lengthBytes));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int ftruncate(int fd, long length);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fallocate(int fd, int mode, long offset, long len);
}
