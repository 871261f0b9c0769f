using System.Runtime.InteropServices;
using Xunit;

namespace VfsBlock.TestKit;

/// <summary>
/// Interrupts a thread's system call: a signal that nobody else uses, with a handler that does nothing and without
/// SA_RESTART. The handler stays for the life of the process, since a late signal without one would end it.
/// </summary>
public static unsafe partial class ThreadSignal
{
    private const int Number = 50;
    private static readonly bool IsInstalled = Install();

    /// <summary>The calling thread's number, for <see cref="Send"/>.</summary>
    public static int CurrentThread => gettid();

    /// <summary>Sends the signal; does nothing if the thread is gone.</summary>
    public static void Send(int thread)
    {
        Assert.True(IsInstalled);
        _ = tgkill(Environment.ProcessId, thread, Number);
    }

    private static bool Install()
    {
        // abs(3) is as good a handler as any: it takes an int and touches nothing. Managed code must not run in one.
        var action = new SignalAction { Handler = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "abs") };
        return sigaction(Number, &action, null) == 0;
    }

    [LibraryImport("libc")]
    private static partial int gettid();

    [LibraryImport("libc")]
    private static partial int tgkill(int process, int thread, int number);

    [LibraryImport("libc")]
    private static partial int sigaction(int number, SignalAction* action, SignalAction* before);

    // struct sigaction of glibc: handler, 128 bytes of mask, flags, restorer.
    [StructLayout(LayoutKind.Explicit, Size = 152)]
    private struct SignalAction
    {
        [FieldOffset(0)] public nint Handler;
        [FieldOffset(136)] public int Flags;
    }
}
