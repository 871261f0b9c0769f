using System.Diagnostics;

namespace VfsBlock.Bench;

/// <summary>What a series of operations took.</summary>
/// <param name="Elapsed">Microseconds an operation, by the clock.</param>
/// <param name="Processor">Microseconds an operation that the calling thread had the CPU: what is left of them if the disk and the neighbours take nothing.</param>
internal readonly record struct Sample(double Elapsed, double Processor)
{
    private const double NanosecondsPerMicrosecond = 1e3;

    /// <summary>Runs operations on this thread.</summary>
    /// <param name="operations">Does them all, and says how many they were.</param>
    public static Sample Take(Func<long> operations)
    {
        long processor = BareLibc.ThreadNanoseconds();
        long start = Stopwatch.GetTimestamp();
        long count = operations();
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        return new Sample(elapsed / count, (BareLibc.ThreadNanoseconds() - processor) / NanosecondsPerMicrosecond / count);
    }
}
