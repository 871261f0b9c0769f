using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>
/// The system calls as anybody would bind them: what the wrappers of VfsBlock.Interop are measured against, and what
/// the client of the message bench calls, so that no wrapper of ours can flatter one of the servers.
/// </summary>
/// <remarks>Each returns what the C library returns: -1 and an errno in <see cref="Marshal.GetLastPInvokeError"/>.</remarks>
internal static unsafe partial class BareLibc
{
    public const int ReadWrite = 2;

    /// <summary>O_CREAT.</summary>
    public const int MayCreate = 0x40;

    /// <summary>O_CREAT and O_EXCL.</summary>
    public const int MustCreate = 0xC0;

    public const int CloseOnExec = 0x80000;

    /// <summary>POSIX_FADV_DONTNEED.</summary>
    public const int DontNeed = 4;

    /// <summary>CLOCK_THREAD_CPUTIME_ID.</summary>
    private const int ThreadClock = 3;

    /// <summary>AT_EMPTY_PATH: about the descriptor itself.</summary>
    public const int EmptyPath = 0x1000;

    /// <summary>AT_STATX_FORCE_SYNC: ask the server, whatever is cached.</summary>
    public const int ForceSync = 0x2000;

    public const uint StatxBasicStats = 0x7ff;
    public const int StatxSizeBytes = 256;

    /// <summary>MS_SYNC.</summary>
    public const int SynchronousFlush = 4;

    public const int SignalTerminate = 15;

    /// <summary>PR_SET_PDEATHSIG.</summary>
    public const int SetParentDeathSignal = 1;

    /// <summary>Numbers for <see cref="syscall"/>: the C library has no wrappers for Linux AIO.</summary>
    public static readonly nint IoSetup = IsArm ? 0 : 206;
    public static readonly nint IoDestroy = IsArm ? 1 : 207;
    public static readonly nint IoGetEvents = IsArm ? 4 : 208;
    public static readonly nint IoSubmit = IsArm ? 2 : 209;

    public static readonly nint GetDents = IsArm ? 61 : 217;

    /// <summary>O_DIRECT and O_DIRECTORY: the two machines swapped their bits.</summary>
    public static readonly int Direct = IsArm ? 0x10000 : 0x4000;
    public static readonly int DirectoryOnly = IsArm ? 0x4000 : 0x10000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    [LibraryImport("libc", SetLastError = true)]
    public static partial long syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(int directory, byte* name, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat(int oldDirectory, byte* oldName, int newDirectory, byte* newName);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlinkat(int directory, byte* name, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(int fd, long offset, int origin);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fdatasync(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int syncfs(int fd);

    /// <summary>Returns an errno.</summary>
    [LibraryImport("libc")]
    public static partial int posix_fadvise(int fd, long offset, long lengthBytes, int advice);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, long* secondsAndNanoseconds);

    /// <summary>CPU time of the calling thread.</summary>
    public static long ThreadNanoseconds()
    {
        long* time = stackalloc long[2];
        return clock_gettime(ThreadClock, time) == 0 ? (time[0] * 1_000_000_000) + time[1] : 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial long pread(int fd, void* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long pwrite(int fd, void* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long preadv2(int fd, IoVec* vectors, int count, long offset, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long pwritev2(int fd, IoVec* vectors, int count, long offset, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int statx(int fd, byte* path, int flags, uint mask, void* result);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int msync(void* address, nuint lengthBytes, int flags);

    /// <summary>Binds one thread (0: the caller) to the CPUs of a bit mask.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_setaffinity(int threadId, nuint maskLengthBytes, ulong* mask);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int processId, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, long argument);
}
