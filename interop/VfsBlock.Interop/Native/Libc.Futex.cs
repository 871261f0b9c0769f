using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <content>Waiting for a word in memory to change. The C library has no wrapper for this call, so it goes by number.</content>
internal static unsafe partial class Libc
{
    // FUTEX_WAIT and FUTEX_WAKE with FUTEX_PRIVATE_FLAG: the word is this process's own.
    private const int FutexWaitPrivate = 128;
    private const int FutexWakePrivate = 129;

    private static readonly nint _futexNumber = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        var other => throw new PlatformNotSupportedException($"the number of futex(2) on {other} is not known; VfsBlock runs on x86-64 and arm64"),
    };

    /// <summary>futex(2), FUTEX_WAIT: sleeps if the word has this value. EAGAIN if it has another, EINTR after a signal; 0 after a wake, or for no reason.</summary>
    public static int FutexWait(int* word, int value) => (int)Fold(syscall(_futexNumber, (nint)word, FutexWaitPrivate, value, 0, 0));

    /// <summary>futex(2), FUTEX_WAKE: how many of those who sleep on the word were woken.</summary>
    public static int FutexWake(int* word, int count) => (int)Fold(syscall(_futexNumber, (nint)word, FutexWakePrivate, count, 0, 0));
}
