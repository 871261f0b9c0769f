using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>SEEK_DATA of lseek(2).</summary>
    public const int SeekToData = 3;

    /// <summary>SEEK_HOLE of lseek(2).</summary>
    public const int SeekToHole = 4;

    /// <summary>lseek(2): moves the descriptor's own position.</summary>
    public static long Seek(int fileDescriptor, long offsetBytes, int whence) => Fold(lseek(fileDescriptor, offsetBytes, whence));

    [LibraryImport(Library, SetLastError = true)]
    private static partial long lseek(int fd, long offset, int whence);
}
