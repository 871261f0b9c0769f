using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

internal static unsafe partial class Libc
{
    /// <summary>Bytes of the CPU masks used here: 8192 CPUs, the most a kernel is built for.</summary>
    private const int AffinityMaskBytes = 1024;

    /// <summary>sched_setaffinity(2) for the calling thread and one CPU.</summary>
    public static int SetThreadAffinity(int cpu)
    {
        if (cpu is < 0 or >= AffinityMaskBytes * 8)
        {
            return -(int)Errno.EINVAL;
        }

        byte* mask = stackalloc byte[AffinityMaskBytes];
        new Span<byte>(mask, AffinityMaskBytes).Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        return Fold(sched_setaffinity(0, AffinityMaskBytes, mask));
    }

    /// <summary>sched_getaffinity(2): the CPUs that a thread may run on.</summary>
    /// <param name="threadId">The thread; 0 for the calling one.</param>
    /// <param name="mask">Filled with one bit for each CPU, lowest first.</param>
    public static int GetThreadAffinity(int threadId, Span<byte> mask)
    {
        mask.Clear();
        fixed (byte* start = mask)
        {
            return Fold(sched_getaffinity(threadId, (nuint)mask.Length, start));
        }
    }

    [LibraryImport(Library, SetLastError = true)]
    private static partial int sched_setaffinity(int pid, nuint cpusetsize, byte* mask);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int sched_getaffinity(int pid, nuint cpusetsize, byte* mask);
}
