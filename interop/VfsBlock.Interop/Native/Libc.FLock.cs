using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static partial class Libc
{
    /// <summary>LOCK_SH of flock(2).</summary>
    public const int LockShared = 1;

    /// <summary>LOCK_EX of flock(2).</summary>
    public const int LockExclusive = 2;

    /// <summary>LOCK_NB of flock(2): do not wait.</summary>
    public const int LockNow = 4;

    /// <summary>LOCK_UN of flock(2).</summary>
    public const int LockNone = 8;

    /// <summary>flock(2): a lock on the whole file that belongs to the open file, not to the process.</summary>
    public static int FLock(int fileDescriptor, int operation) => Fold(flock(fileDescriptor, operation));

    [LibraryImport(Library, SetLastError = true)]
    private static partial int flock(int fd, int operation);
}
