using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>AT_FDCWD: paths count from the current directory.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>AT_SYMLINK_NOFOLLOW: about the symbolic link itself.</summary>
    public const int NoFollowLink = 0x100;

    /// <summary>AT_EMPTY_PATH: with an empty path, about the descriptor itself (fstat's job).</summary>
    public const int EmptyPath = 0x1000;

    /// <summary>STATX_BASIC_STATS: everything that stat(2) has.</summary>
    public const uint StatxBasic = 0x7ff;

    /// <summary>STATX_DIOALIGN (Linux 6.1): what O_DIRECT wants.</summary>
    public const uint StatxDirectAlignment = 0x2000;

    /// <summary>
    /// statx(2). Chosen over stat(2) because its structure is the same on every machine; the path ends in a zero byte.
    /// </summary>
    public static int StatX(int directoryDescriptor, byte* path, int flags, uint mask, Statx* result) =>
        Fold(statx(directoryDescriptor, path, flags, mask, result));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int statx(int dirfd, byte* pathname, int flags, uint mask, Statx* statxbuf);
}
