namespace VfsBlock.Storage.TestKit;

/// <summary>A clock that stands until it is told to go on, so that times in a test are known to the nanosecond.</summary>
public sealed class ManualClock : TimeProvider
{
    private long _ticks = new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    /// <summary>What it says.</summary>
    public Timestamp Now => Timestamp.Now(this);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Goes on.</summary>
    /// <param name="ticks">By how many steps of 100 ns.</param>
    /// <returns>What it says then.</returns>
    public Timestamp Advance(long ticks = 10_000_001)
    {
        Interlocked.Add(ref _ticks, ticks);
        return Now;
    }
}
