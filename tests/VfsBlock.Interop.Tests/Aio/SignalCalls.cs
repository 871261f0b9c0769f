using System.Runtime.InteropServices;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Sends signals to one thread, to interrupt the system call it is in.</summary>
internal static partial class SignalCalls
{
    /// <summary>SIGWINCH: harmless, and .NET runs its handlers on a thread of its own.</summary>
    public const int WindowChanged = 28;

    public static int CurrentThreadId() => gettid();

    public static void SendToThread(int threadId, int signal) =>
        Assert.Equal(0, tgkill(Environment.ProcessId, threadId, signal));

    [LibraryImport("libc")]
    private static partial int gettid();

    [LibraryImport("libc")]
    private static partial int tgkill(int tgid, int tid, int sig);
}
