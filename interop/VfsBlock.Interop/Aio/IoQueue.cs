namespace VfsBlock.Interop;

/// <summary>
/// The part of <see cref="IIoQueue"/> that does not depend on who runs the requests: slots, the limit on them, waiting,
/// and the end.
/// </summary>
/// <remarks>
/// Owns the slots and the eventfd. One lock, <c>_gate</c>, guards the lists and counts; it is never held over a system
/// call. A request is in the free list, with its submitter, with whoever runs it, in the finished list, or with the
/// reaper, and nowhere twice. Dispose refuses new requests, ends a wait that is on, runs what was taken to its end, drops
/// the results nobody reaped, and releases every buffer and file; a second call does nothing.
/// </remarks>
public abstract unsafe class IoQueue : IIoQueue
{
    /// <summary>The most requests a queue may have in flight.</summary>
    public const int MaxDepth = 65536;

    /// <summary>IOV_MAX of the kernel: the most pieces of memory one call takes.</summary>
    public const int MaxBufferLimit = 1024;

    private readonly object _gate = new();
    private readonly EventSignal _signal;
    private readonly NativeBuffer _vectors;
    private readonly IoSlot[] _slots;
    private IoSlotList _free;
    private IoSlotList _finished;
    private int _inFlightCount;
    private int _submitterCount;
    private int _roomWaiterCount;
    private bool _isReaping;
    private bool _isClosed;

    private protected IoQueue(int depth, int bufferLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, MaxDepth);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferLimit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bufferLimit, MaxBufferLimit);
        BufferLimit = bufferLimit;
        _vectors = new NativeBuffer(checked(depth * bufferLimit * sizeof(IoVec)));
        _slots = new IoSlot[depth];
        for (int index = 0; index < depth; index++)
        {
            _slots[index] = new IoSlot(index, (IoVec*)_vectors.Address + ((long)index * bufferLimit), bufferLimit);
            _free.Append(_slots[index]);
        }

        _signal = new EventSignal();
    }

    /// <inheritdoc/>
    public int Depth => _slots.Length;

    /// <inheritdoc/>
    public int BufferLimit { get; }

    /// <inheritdoc/>
    public int InFlightCount => Volatile.Read(ref _inFlightCount);

    /// <inheritdoc/>
    public int NotificationDescriptor
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed), this);
            return _signal.Descriptor;
        }
    }

    /// <summary>True while a thread is inside <see cref="Reap"/>.</summary>
    internal bool IsReaping => Volatile.Read(ref _isReaping);

    /// <summary>
    /// The queue for a file opened in this way: the kernel's for O_DIRECT where it can be had, threads for anything else,
    /// because io_submit(2) on a buffered file does the work before it returns.
    /// </summary>
    /// <param name="flags">The flags the files are open with.</param>
    /// <param name="depth">Requests in flight at once.</param>
    public static IoQueue Create(OpenFlags flags, int depth) =>
        flags.HasFlag(OpenFlags.Direct) && AioQueue.TryCreate(depth, out AioQueue? queue) == Errno.None
            ? queue!
            : new ThreadQueue(depth);

    /// <inheritdoc/>
    public bool Submit(in IoRequest request) => Submit(new ReadOnlySpan<IoRequest>(in request)) == 1;

    /// <inheritdoc/>
    public int Submit(ReadOnlySpan<IoRequest> requests)
    {
        IoSlotList batch = default;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            while (batch.Count < requests.Length && _free.TryTake(out IoSlot? slot))
            {
                batch.Append(slot);
            }

            _inFlightCount += batch.Count;
            _submitterCount++;
        }

        int taken = batch.Count;
        try
        {
            Fill(ref batch, requests);
            Start(FinishRefused(ref batch));
        }
        finally
        {
            lock (_gate)
            {
                _submitterCount--;
                WakeIfClosing();
            }
        }

        return taken;
    }

    /// <inheritdoc/>
    public bool WaitForRoom(TimeSpan timeout)
    {
        var deadline = Deadline.After(timeout);
        lock (_gate)
        {
            _roomWaiterCount++;
            while (!_isClosed && _free.Count == 0 && !deadline.HasPassed)
            {
                Monitor.Wait(_gate, deadline.RemainingMs);
            }

            _roomWaiterCount--;
            return !_isClosed && _free.Count > 0;
        }
    }

    /// <inheritdoc/>
    public ReapResult Reap(Span<IoCompletion> completions, int minimum, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimum, completions.Length);
        var deadline = Deadline.After(timeout);
        EnterReap();
        try
        {
            using CancellationTokenRegistration registration =
                cancellation.UnsafeRegister(static signal => ((EventSignal)signal!).Raise(), _signal);
            int count = 0;
            while (true)
            {
                // Reset before looking: what comes after the look raises it again and ends the wait.
                _signal.Reset();
                Collect();
                count += TakeFinished(completions[count..]);
                ReapEnd? end = count >= minimum ? ReapEnd.Enough
                    : Volatile.Read(ref _isClosed) ? ReapEnd.Closed
                    : cancellation.IsCancellationRequested ? ReapEnd.Cancelled
                    : deadline.HasPassed ? ReapEnd.TimedOut
                    : null;
                if (end is not null)
                {
                    return new ReapResult(count, end.Value);
                }

                _signal.Wait(deadline);
            }
        }
        finally
        {
            LeaveReap();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        _signal.Raise();
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
            while (_submitterCount > 0 || _isReaping)
            {
                Monitor.Wait(_gate);
            }
        }

        Drain();
        Stop();
        _signal.Dispose();
        _vectors.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sets requests going. Called by submitters, several at a time, with no lock held.</summary>
    private protected abstract void Start(IoSlotList batch);

    /// <summary>Moves requests that are done to <see cref="Finish"/>. Called by the reaper.</summary>
    private protected abstract void Collect();

    /// <summary>Gives up whatever runs the requests; none is in flight, and nobody is inside a call.</summary>
    private protected abstract void Stop();

    /// <summary>Takes a request that has its result, for the reaper.</summary>
    /// <param name="slot">The request.</param>
    /// <param name="isReaper">True on the reaper's own thread, which needs no waking.</param>
    private protected void Finish(IoSlot slot, bool isReaper)
    {
        bool wasEmpty;
        lock (_gate)
        {
            wasEmpty = _finished.Count == 0;
            _finished.Append(slot);
        }

        // Where the list was not empty, whoever filled it raised the signal, and the reaper has not looked since.
        if (wasEmpty && !isReaper)
        {
            _signal.Raise();
        }
    }

    /// <summary>The eventfd that <see cref="NotificationDescriptor"/> gives out, also while the queue is closing.</summary>
    private protected int SignalDescriptor => _signal.Descriptor;

    /// <summary>The slot at an index of ours.</summary>
    private protected IoSlot SlotAt(uint index) => _slots[index];

    /// <summary>The request that an event names.</summary>
    /// <exception cref="InvalidOperationException">No such request is with the kernel.</exception>
    private protected IoSlot Find(ulong identity)
    {
        uint index = IoSlot.IndexOf(identity);
        IoSlot? slot = index < (uint)_slots.Length ? _slots[index] : null;
        return slot is not null && slot.IsInKernel && slot.Identity == identity
            ? slot
            : throw new InvalidOperationException($"the kernel gave an event for request 0x{identity:x}, which it does not have");
    }

    /// <summary>Gives the buffers and files of all requests back, for a finaliser that ended them.</summary>
    private protected void ReleaseAll()
    {
        foreach (IoSlot slot in _slots)
        {
            slot.Release();
        }
    }

    // Hands the requests' buffers and files to the slots; if one is refused, none of the batch was taken.
    private void Fill(ref IoSlotList batch, ReadOnlySpan<IoRequest> requests)
    {
        try
        {
            int index = 0;
            for (IoSlot? slot = batch.First; slot is not null; slot = slot.Next)
            {
                slot.Fill(in requests[index++]);
            }
        }
        catch
        {
            Free(ref batch);
            throw;
        }
    }

    // What cannot run fails alone; the others are returned.
    private IoSlotList FinishRefused(ref IoSlotList batch)
    {
        IoSlotList runnable = default;
        while (batch.TryTake(out IoSlot? slot))
        {
            if (slot.Result.Succeeded)
            {
                runnable.Append(slot);
            }
            else
            {
                Finish(slot, isReaper: false);
            }
        }

        return runnable;
    }

    private int TakeFinished(Span<IoCompletion> completions)
    {
        IoSlotList taken = default;
        lock (_gate)
        {
            while (taken.Count < completions.Length && _finished.TryTake(out IoSlot? slot))
            {
                taken.Append(slot);
            }
        }

        int count = 0;
        for (IoSlot? slot = taken.First; slot is not null; slot = slot.Next)
        {
            completions[count++] = new IoCompletion(slot.Tag, slot.Result);
        }

        Free(ref taken);
        return count;
    }

    private void Free(ref IoSlotList slots)
    {
        // Outside the lock: the last user of a file that was disposed meanwhile closes it here.
        int count = slots.Count;
        for (IoSlot? slot = slots.First; slot is not null; slot = slot.Next)
        {
            slot.Release();
        }

        lock (_gate)
        {
            _free.Append(ref slots);
            _inFlightCount -= count;
            if (count > 0 && _roomWaiterCount > 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void EnterReap()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_isReaping)
            {
                throw new InvalidOperationException("another thread is reaping this queue; one at a time may");
            }

            _isReaping = true;
        }
    }

    private void LeaveReap()
    {
        bool isMoreLeft;
        lock (_gate)
        {
            isMoreLeft = _finished.Count > 0;
        }

        if (isMoreLeft)
        {
            _signal.Raise();
        }

        lock (_gate)
        {
            _isReaping = false;
            WakeIfClosing();
        }
    }

    private void WakeIfClosing()
    {
        if (_isClosed)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void Drain()
    {
        Span<IoCompletion> dropped = stackalloc IoCompletion[64];
        while (true)
        {
            _signal.Reset();
            Collect();
            while (TakeFinished(dropped) > 0)
            {
            }

            if (InFlightCount == 0)
            {
                return;
            }

            _signal.Wait(Deadline.Never);
        }
    }
}
