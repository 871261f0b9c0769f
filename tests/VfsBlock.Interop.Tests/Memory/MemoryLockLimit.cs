using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Tests;

/// <summary>
/// Lowers RLIMIT_MEMLOCK of this process until dispose, and makes it bind: a thread run by <see cref="RunBound"/> gives up
/// CAP_IPC_LOCK, which would exempt root.
/// </summary>
internal sealed unsafe partial class MemoryLockLimit : IDisposable
{
    private const int MemoryLock = 8;
    private const uint CapabilityVersion3 = 0x20080522;
    private const int IpcLock = 14;

    private readonly ulong _formerSoftLimit;
    private readonly ulong _hardLimit;

    public MemoryLockLimit(ulong softLimitBytes)
    {
        ulong* limits = stackalloc ulong[2];
        Check(getrlimit(MemoryLock, limits), "getrlimit");
        (_formerSoftLimit, _hardLimit) = (limits[0], limits[1]);
        limits[0] = Math.Min(softLimitBytes, _hardLimit);
        Check(setrlimit(MemoryLock, limits), "setrlimit");
    }

    /// <summary>Runs <paramref name="function"/> on a thread of its own without CAP_IPC_LOCK.</summary>
    public static T RunBound<T>(Func<T> function)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                GiveUpIpcLock();
                result = function();
            }
            catch (ErrnoException e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw failure;
    }

    public void Dispose()
    {
        ulong* limits = stackalloc ulong[2] { _formerSoftLimit, _hardLimit };
        Check(setrlimit(MemoryLock, limits), "setrlimit");
    }

    private static void GiveUpIpcLock()
    {
        // Capabilities belong to a thread: version, thread id 0 (myself); then effective, permitted, inheritable, twice.
        uint* header = stackalloc uint[2] { CapabilityVersion3, 0 };
        uint* sets = stackalloc uint[6];
        Check(capget(header, sets), "capget");
        sets[0] &= ~(1u << IpcLock);
        Check(capset(header, sets), "capset");
    }

    private static void Check(int returned, string call)
    {
        if (returned != 0)
        {
            throw new ErrnoException((Errno)Marshal.GetLastPInvokeError(), call);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, ulong* limits);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capget(uint* header, uint* sets);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capset(uint* header, uint* sets);
}
