using System.Diagnostics;

namespace VfsBlock.Interop;

/// <summary>A point on the monotonic clock, so that a wait which was interrupted goes on with what is left of it.</summary>
internal readonly struct Deadline
{
    private readonly long _start;
    private readonly TimeSpan _span;

    private Deadline(long start, TimeSpan span)
    {
        _start = start;
        _span = span;
    }

    /// <summary>Never.</summary>
    public static Deadline Never => After(Timeout.InfiniteTimeSpan);

    /// <summary>True once it has passed.</summary>
    public bool HasPassed => Remaining == TimeSpan.Zero;

    /// <summary>
    /// What is left in milliseconds, rounded up, and -1 for ever: as poll(2) and Monitor count. A wait longer than 24 days
    /// comes in pieces.
    /// </summary>
    public int RemainingMs => (int)Math.Clamp(Math.Ceiling(Remaining.TotalMilliseconds), -1, int.MaxValue);

    // Zero once it has passed, Timeout.InfiniteTimeSpan if it never does.
    private TimeSpan Remaining
    {
        get
        {
            if (_span == Timeout.InfiniteTimeSpan)
            {
                return _span;
            }

            TimeSpan left = _span - Stopwatch.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>That far from now; <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public static Deadline After(TimeSpan span)
    {
        if (span < TimeSpan.Zero && span != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(span), span, "negative, and not Timeout.InfiniteTimeSpan");
        }

        return new Deadline(Stopwatch.GetTimestamp(), span);
    }
}
