using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Somebody who wants to know when everything so far is durable. Made once, used again and again, so that waiting allocates nothing.</summary>
/// <remarks>From <see cref="GroupCommit.Enqueue"/> until <see cref="OnCommitted"/> is called it belongs to the group commit.</remarks>
public abstract class CommitWaiter
{
    internal CommitWaiter? Next { get; set; }

    internal bool IsWaiting { get; set; }

    /// <summary>Whether it sits on a thread that can run a round.</summary>
    internal virtual bool CanLead => false;

    /// <summary>
    /// Tells the outcome, once per call of <see cref="GroupCommit.Enqueue"/>, on the thread that ran the round and without a lock. Must not block and must not
    /// throw; may enqueue itself again.
    /// </summary>
    /// <param name="error">None; EIO for ever; or what the round said.</param>
    protected internal abstract void OnCommitted(Errno error);
}
