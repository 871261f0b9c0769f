using System.Runtime.InteropServices;

namespace VfsBlock.Mounted.Tests;

/// <summary>Calls that Mono.Posix lacks, for tests as callers; 0 or more, or -1 with errno.</summary>
internal static unsafe partial class Native
{
    public const int CurrentDirectory = -100;
    public const int SymlinkFollow = 0x400;
    public const int RenameNoReplace = 1;
    public const int RenameExchange = 2;
    public const int RenameWhiteout = 4;
    public const int KeepSize = 1;
    public const int PunchHole = 2;
    public const int CollapseRange = 8;
    public const int ZeroRange = 16;
    public const int InsertRange = 32;
    public const int SeekData = 3;
    public const int SeekHole = 4;
    public const int OpenTmpFile = 0x410000;
    public const int OpenDirect = 0x4000;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int renameat2(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fallocate(int file, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(int file, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long copy_file_range(int from, long* fromOffset, int to, long* toOffset, ulong length, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int linkat(int oldDirectory, string oldPath, int newDirectory, string newPath, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int truncate(string path, long length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int msync(nint address, nuint length, int flags);

    /// <summary>Copies to or from a mapping of the mount. In native code: a fault there waits for a server of this very process.</summary>
    [LibraryImport("libc")]
    public static partial void* memcpy(void* to, void* from, nuint length);
}
