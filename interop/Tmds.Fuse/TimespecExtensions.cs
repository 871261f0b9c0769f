using Tmds.Linux;

namespace Tmds.Fuse;

/// <summary>Times as .NET knows them.</summary>
public static class TimespecExtensions
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The time in UTC, cut to 100 ns.</summary>
    /// <exception cref="InvalidOperationException">It is no time but <see cref="LibC.UTIME_NOW"/> or <see cref="LibC.UTIME_OMIT"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is before the year 1 or after 9999.</exception>
    public static DateTime ToDateTime(this timespec ts)
    {
        if (ts.IsNow() || ts.IsOmit())
        {
            throw new InvalidOperationException("UTIME_NOW and UTIME_OMIT are no times.");
        }

        return DateTime.UnixEpoch.AddSeconds(ts.tv_sec).AddTicks(ts.tv_nsec / NanosecondsPerTick);
    }

    /// <summary>The time; a local one is turned into UTC.</summary>
    public static timespec ToTimespec(this DateTime dateTime)
    {
        long ticks = dateTime.ToUniversalTime().Ticks - DateTime.UnixEpoch.Ticks;

        // Nanoseconds count forward, before 1970 too.
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        return new timespec { tv_sec = seconds, tv_nsec = rest * NanosecondsPerTick };
    }

    /// <summary>Whether it stands for the time it is now.</summary>
    public static bool IsNow(this timespec ts) => ts.tv_nsec == LibC.UTIME_NOW;

    /// <summary>Whether it stands for leaving the time as it is.</summary>
    public static bool IsOmit(this timespec ts) => ts.tv_nsec == LibC.UTIME_OMIT;
}
