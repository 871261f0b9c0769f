using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>MS_SYNC: write the dirty pages and flush the device before returning.</summary>
    public const int SyncAndWait = 4;

    /// <summary>SYNC_FILE_RANGE_WRITE: start writing the dirty pages; wait for nothing.</summary>
    public const uint SyncFileRangeWrite = 2;

    /// <summary>msync(2) of whole pages.</summary>
    public static int MSync(nint address, nuint lengthBytes, int flags) => Fold(msync(address, lengthBytes, flags));

    /// <summary>sync_file_range(2).</summary>
    public static int SyncFileRange(int fileDescriptor, long offsetBytes, long lengthBytes, uint flags) =>
        Fold(sync_file_range(fileDescriptor, offsetBytes, lengthBytes, flags));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int msync(nint addr, nuint length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int sync_file_range(int fd, long offset, long nbytes, uint flags);
}
