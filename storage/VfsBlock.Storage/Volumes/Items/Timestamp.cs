using System.Globalization;

namespace VfsBlock.Storage;

/// <summary>A moment as inodes keep it: any that fits 64 bits of seconds, so before 1970 and past 2038.</summary>
/// <param name="Seconds">Seconds since 1970, negative before.</param>
/// <param name="Nanoseconds">0 to 999,999,999, counted forward also before 1970.</param>
public readonly record struct Timestamp(long Seconds, uint Nanoseconds) : IComparable<Timestamp>
{
    /// <summary>Nanoseconds of a second.</summary>
    public const uint NanosecondsPerSecond = 1_000_000_000;

    private const int NanosecondsPerTick = 100;

    /// <summary>True if the nanoseconds are in their range.</summary>
    public bool IsValid => Nanoseconds < NanosecondsPerSecond;

    /// <summary>True if <paramref name="left"/> came first.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.CompareTo(right) < 0;

    /// <summary>True if <paramref name="right"/> came first.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.CompareTo(right) > 0;

    /// <summary>True unless <paramref name="right"/> came first.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.CompareTo(right) <= 0;

    /// <summary>True unless <paramref name="left"/> came first.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.CompareTo(right) >= 0;

    /// <summary>What the clock says, in its steps of 100 ns.</summary>
    public static Timestamp Now(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return From(clock.GetUtcNow());
    }

    /// <summary>The same moment.</summary>
    public static Timestamp From(DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTime.UnixEpoch.Ticks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        return rest < 0
            ? new Timestamp(seconds - 1, (uint)((rest + TimeSpan.TicksPerSecond) * NanosecondsPerTick))
            : new Timestamp(seconds, (uint)(rest * NanosecondsPerTick));
    }

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds:d9}");
}
