using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>BLKGETSIZE64 (include/uapi/linux/fs.h): stores a block device's size in bytes in 64 bits.</summary>
    public const ulong BlockDeviceSizeBytes = 0x8008_1272;

    /// <summary>ioctl(2) with a pointer argument, null for a request that takes none.</summary>
    public static int Ioctl(int fileDescriptor, ulong request, void* argument) =>
        Fold(ioctl(fileDescriptor, request, argument));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int ioctl(int fd, ulong request, void* argp);
}
