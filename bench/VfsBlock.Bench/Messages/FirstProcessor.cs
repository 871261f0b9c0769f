using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>CPU 0, where whatever must not move is bound.</summary>
internal static unsafe class FirstProcessor
{
    /// <summary>Binds a thread to CPU 0.</summary>
    /// <param name="threadId">The kernel's id of the thread; 0 for the caller's own.</param>
    public static void Bind(int threadId)
    {
        ulong mask = 1;
        if (BareLibc.sched_setaffinity(threadId, sizeof(ulong), &mask) == 0)
        {
            return;
        }

        var error = (Errno)Marshal.GetLastPInvokeError();
        // A thread may have ended since it was listed.
        if (error != Errno.ESRCH)
        {
            throw new BenchException($"cannot bind thread {threadId} to CPU 0: {ErrnoText.Describe(error)}; see taskset -p $$");
        }
    }
}
