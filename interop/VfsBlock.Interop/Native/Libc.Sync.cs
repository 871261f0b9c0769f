using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>fsync(2): the file's data and attributes are durable on return.</summary>
    public static int FSync(int fileDescriptor) => Fold(fsync(fileDescriptor));

    /// <summary>fdatasync(2): the file's data, and what is needed to read it back, is durable on return.</summary>
    public static int FDataSync(int fileDescriptor) => Fold(fdatasync(fileDescriptor));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fsync(int fd);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int fdatasync(int fd);
}
