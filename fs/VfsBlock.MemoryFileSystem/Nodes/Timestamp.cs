namespace VfsBlock.MemoryFileSystem;

/// <summary>A moment as inodes keep it.</summary>
/// <param name="Seconds">Seconds since 1970, negative before.</param>
/// <param name="Nanoseconds">0 to 999,999,999, counted forward also before 1970.</param>
internal readonly record struct Timestamp(long Seconds, uint Nanoseconds)
{
    /// <summary>The system clock's time, in its steps of 100 ns.</summary>
    public static Timestamp Now
    {
        get
        {
            (long seconds, long ticks) = Math.DivRem(DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);
            return new Timestamp(seconds, (uint)(ticks * 100));
        }
    }

    /// <summary>True if this moment is not after <paramref name="other"/>.</summary>
    public bool IsNotAfter(Timestamp other) =>
        Seconds < other.Seconds || (Seconds == other.Seconds && Nanoseconds <= other.Nanoseconds);
}
