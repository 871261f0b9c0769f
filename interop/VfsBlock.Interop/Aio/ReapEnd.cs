namespace VfsBlock.Interop;

/// <summary>Why <see cref="IIoQueue.Reap"/> returned.</summary>
public enum ReapEnd
{
    /// <summary>The minimum was reached.</summary>
    Enough,

    /// <summary>The time was up.</summary>
    TimedOut,

    /// <summary>
    /// The caller's token was cancelled. Only the waiting ended: requests in flight run on, use their buffers, and can be
    /// reaped later.
    /// </summary>
    Cancelled,

    /// <summary>Another thread disposed the queue.</summary>
    Closed,
}
