using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Lets many threads share one flush. The first that wants everything durable leads: it closes the list of waiters and runs a round. Who comes while it runs
/// waits for the next, which begins as soon as this one ends. Nobody waits for company: a lone caller runs at once.
/// </summary>
/// <remarks>
/// Any thread may call. One lock over the list, never held over a round or a callback. The list is closed <em>before</em> the round cuts, so whoever is in it had
/// appended before the cut. Nothing is allocated per call.
/// </remarks>
public sealed class GroupCommit
{
    private readonly Lock _gate = new();
    private readonly ICommitRound _round;
    private readonly Action? _onLeaderWanted;
    private CommitWaiter? _first;
    private CommitWaiter? _last;
    private bool _isLed;
    private bool _hasFailed;

    /// <summary>Makes a group without waiters.</summary>
    /// <param name="round">What a round does.</param>
    /// <param name="onLeaderWanted">
    /// Wakes a thread that calls <see cref="RunRound"/>. Called without a lock when waiters that cannot lead have gathered and no round runs; must not block.
    /// Without it, <see cref="Enqueue"/> is refused.
    /// </param>
    public GroupCommit(ICommitRound round, Action? onLeaderWanted = null)
    {
        ArgumentNullException.ThrowIfNull(round);
        _round = round;
        _onLeaderWanted = onLeaderWanted;
    }

    /// <summary>How many wait for the next round; for statistics.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
            {
                int count = 0;
                for (CommitWaiter? waiter = _first; waiter is not null; waiter = waiter.Next)
                {
                    count++;
                }

                return count;
            }
        }
    }

    /// <summary>Makes everything up to now durable; returns when it is.</summary>
    /// <returns>What the round said; EIO for ever after a round that said EIO.</returns>
    /// <exception cref="InvalidOperationException">Called by a thread that waits already, from within a round or a callback.</exception>
    public Errno Commit()
    {
        BlockingCommitWaiter waiter = BlockingCommitWaiter.Current;
        if (!TryAdd(waiter, out bool mustLead))
        {
            return Errno.EIO;
        }

        if (mustLead || waiter.WaitForLead())
        {
            Lead();
        }

        return waiter.Result;
    }

    /// <summary>As <see cref="Commit"/>, but returns at once; the waiter is told, perhaps before this returns.</summary>
    /// <exception cref="InvalidOperationException">The waiter waits already, or there is nobody to lead.</exception>
    public void Enqueue(CommitWaiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        if (_onLeaderWanted is null)
        {
            throw new InvalidOperationException("this group commit was made without a way to wake a leader; wait with Commit, or give it one");
        }

        if (!TryAdd(waiter, out bool mustLead))
        {
            waiter.OnCommitted(Errno.EIO);
        }
        else if (mustLead)
        {
            _onLeaderWanted();
        }
    }

    /// <summary>Runs one round if waiters have gathered and none runs: for the thread that <c>onLeaderWanted</c> wakes.</summary>
    /// <returns>False if there was nothing to do.</returns>
    public bool RunRound()
    {
        lock (_gate)
        {
            if (_isLed || _first is null)
            {
                return false;
            }

            _isLed = true;
        }

        Lead();
        return true;
    }

    private bool TryAdd(CommitWaiter waiter, out bool mustLead)
    {
        lock (_gate)
        {
            mustLead = false;
            if (waiter.IsWaiting)
            {
                throw new InvalidOperationException("the waiter is waiting already; one call at a time for each");
            }

            if (_hasFailed)
            {
                return false;
            }

            waiter.IsWaiting = true;
            (waiter as BlockingCommitWaiter)?.Reset();
            if (_last is null)
            {
                _first = waiter;
            }
            else
            {
                _last.Next = waiter;
            }

            _last = waiter;

            // A waiter that cannot lead only asks for a leader; until one comes, a thread may be quicker.
            mustLead = !_isLed;
            _isLed |= waiter.CanLead;
            return true;
        }
    }

    private void Lead()
    {
        CommitWaiter? waiters;
        lock (_gate)
        {
            waiters = _first;
            _first = _last = null;
        }

        Errno error = Errno.EIO;
        try
        {
            error = _round.Run();
        }
        finally
        {
            HandOn(error);
            Tell(waiters, error);
        }
    }

    // Before the waiters are told, so that the next flush begins at once.
    private void HandOn(Errno error)
    {
        BlockingCommitWaiter? leader = null;
        CommitWaiter? refused = null;
        bool isLeaderWanted;
        lock (_gate)
        {
            if (error == Errno.EIO)
            {
                _hasFailed = true;
                refused = _first;
                _first = _last = null;
            }

            for (CommitWaiter? waiter = _first; waiter is not null && leader is null; waiter = waiter.Next)
            {
                leader = waiter as BlockingCommitWaiter;
            }

            _isLed = leader is not null;
            isLeaderWanted = _first is not null && leader is null;
        }

        leader?.MakeLeader();
        if (isLeaderWanted)
        {
            _onLeaderWanted?.Invoke();
        }

        Tell(refused, error);
    }

    private void Tell(CommitWaiter? waiter, Errno error)
    {
        while (waiter is not null)
        {
            CommitWaiter? next = waiter.Next;
            waiter.Next = null;
            lock (_gate)
            {
                waiter.IsWaiting = false;
            }

            waiter.OnCommitted(error);
            waiter = next;
        }
    }
}
