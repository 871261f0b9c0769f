namespace VfsBlock.Storage;

/// <summary>A moment, so long after something happened first.</summary>
/// <remarks>A value of its owner, which gives it the time: ticks of the owner's <see cref="TimeProvider"/>.</remarks>
internal struct Alarm(TimeSpan interval)
{
    private long _since;

    /// <summary>True if it was set and not cleared.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Something happened. If it is set already, it stays as it is.</summary>
    public void Set(long now)
    {
        if (!IsSet)
        {
            IsSet = true;
            _since = now;
        }
    }

    /// <summary>What happened is dealt with.</summary>
    public void Clear() => IsSet = false;

    /// <summary>True if it is set and the moment is there.</summary>
    public readonly bool IsDue(TimeProvider clock, long now) => RemainingMs(clock, now) == 0;

    /// <summary>How long it is until then, in milliseconds, rounded up; -1 if it is not set.</summary>
    public readonly int RemainingMs(TimeProvider clock, long now)
    {
        if (!IsSet)
        {
            return Timeout.Infinite;
        }

        TimeSpan remaining = interval - clock.GetElapsedTime(_since, now);
        return (int)Math.Ceiling(Math.Clamp(remaining.TotalMilliseconds, 0, interval.TotalMilliseconds));
    }
}
