using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>open(2): a new descriptor. The path ends in a zero byte; the mode counts only if a file is made.</summary>
    public static int Open(byte* path, OpenFlags flags, uint mode) =>
        Fold(open(path, OpenFlagNumbers.ToKernel(flags), mode));

    /// <summary>
    /// close(2): the descriptor is gone whatever this returns, also EINTR, so nobody calls it twice. An error is about
    /// data written earlier.
    /// </summary>
    public static int Close(int fileDescriptor) => Fold(close(fileDescriptor));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int open(byte* pathname, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int close(int fd);
}
