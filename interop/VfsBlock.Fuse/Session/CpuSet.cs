using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>The CPUs that this process may use.</summary>
internal static class CpuSet
{
    private const int MaskBytes = 1024;

    /// <summary>Their numbers in ascending order: those of the main thread's mask; none if the kernel does not say.</summary>
    /// <remarks>
    /// Not the CPUs that are possible: virtual machines announce many that never come, and a thread for a CPU outside of
    /// our cpuset could not be tied to it.
    /// </remarks>
    public static int[] OfThisProcess()
    {
        Span<byte> mask = stackalloc byte[MaskBytes];
        if (Libc.GetThreadAffinity(Environment.ProcessId, mask) < 0)
        {
            return [];
        }

        var cpus = new List<int>();
        for (int cpu = 0; cpu < MaskBytes * 8; cpu++)
        {
            if ((mask[cpu / 8] & (1 << (cpu % 8))) != 0)
            {
                cpus.Add(cpu);
            }
        }

        return [.. cpus];
    }
}
