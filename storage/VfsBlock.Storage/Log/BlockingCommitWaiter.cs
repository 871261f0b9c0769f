using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>A thread that waits in <see cref="GroupCommit.Commit"/>: for its result, or to be made the leader.</summary>
/// <remarks>One per thread. Its own monitor, so that nobody is woken for somebody else's news.</remarks>
internal sealed class BlockingCommitWaiter : CommitWaiter
{
    [ThreadStatic]
    private static BlockingCommitWaiter? _current;

    private readonly object _gate = new();
    private bool _isDone;
    private bool _isLeader;
    private Errno _error;

    /// <summary>The calling thread's.</summary>
    public static BlockingCommitWaiter Current => _current ??= new BlockingCommitWaiter();

    internal override bool CanLead => true;

    /// <summary>Makes it ready for another wait.</summary>
    public void Reset()
    {
        _isDone = false;
        _isLeader = false;
        _error = Errno.None;
    }

    /// <summary>Hands the lead over to it.</summary>
    public void MakeLeader()
    {
        lock (_gate)
        {
            _isLeader = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for either; true if the thread has to lead, false if the result is there.</summary>
    public bool WaitForLead()
    {
        lock (_gate)
        {
            while (!_isDone && !_isLeader)
            {
                Monitor.Wait(_gate);
            }

            return !_isDone;
        }
    }

    /// <summary>The result, after its round.</summary>
    public Errno Result()
    {
        lock (_gate)
        {
            return _error;
        }
    }

    protected internal override void OnCommitted(Errno error)
    {
        lock (_gate)
        {
            _isDone = true;
            _error = error;
            Monitor.Pulse(_gate);
        }
    }
}
