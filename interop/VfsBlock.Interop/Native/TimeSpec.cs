using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary><c>struct timespec</c> of 64-bit systems: seconds and nanoseconds, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;

    /// <summary>A span of time; the kernel refuses a negative one with EINVAL.</summary>
    public TimeSpec(TimeSpan span)
    {
        Seconds = span.Ticks / TimeSpan.TicksPerSecond;
        Nanoseconds = span.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
    }
}
