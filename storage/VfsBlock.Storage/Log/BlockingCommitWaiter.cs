using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>A thread that waits in <see cref="GroupCommit.Commit"/>: for its result, or to be made the leader.</summary>
/// <remarks>One per thread. Its own word to wait on, so that nobody is woken for somebody else's news.</remarks>
internal sealed class BlockingCommitWaiter : CommitWaiter
{
    private const int IsWaitingStill = 0;
    private const int IsLeader = 1;
    private const int IsDone = 2;

    [ThreadStatic]
    private static BlockingCommitWaiter? _current;

    private readonly WaitWord _state = new();
    private Errno _error;

    /// <summary>The calling thread's.</summary>
    public static BlockingCommitWaiter Current => _current ??= new BlockingCommitWaiter();

    internal override bool CanLead => true;

    /// <summary>The result, after its round.</summary>
    public Errno Result => _error;

    /// <summary>Makes it ready for another wait.</summary>
    public void Reset()
    {
        _error = Errno.None;
        _state.Reset(IsWaitingStill);
    }

    /// <summary>Hands the lead over to it.</summary>
    public void MakeLeader() => _state.Set(IsLeader);

    /// <summary>Waits for either; true if the thread has to lead, false if the result is there.</summary>
    public bool WaitForLead() => _state.WaitWhile(IsWaitingStill) == IsLeader;

    protected internal override void OnCommitted(Errno error)
    {
        _error = error;
        _state.Set(IsDone);
    }
}
