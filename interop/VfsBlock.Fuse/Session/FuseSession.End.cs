namespace VfsBlock.Fuse;

/// <content>How a session ends: unmounted from outside, stopped by the program, or failed.</content>
public sealed partial class FuseSession
{
    /// <summary>How long an aborted connection may take to let go of the serving threads.</summary>
    private static readonly TimeSpan _abortTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the mount is gone, every request answered and the file system told.</summary>
    public void WaitForUnmount() => _ended.Wait();

    /// <summary>As <see cref="WaitForUnmount()"/>, for a limited time.</summary>
    /// <returns>True if the session ended in that time.</returns>
    public bool WaitForUnmount(TimeSpan timeout) => _ended.Wait(timeout);

    /// <summary>
    /// Waits for the unmount, or for TERM, INT, HUP or QUIT, which stops the session: what a server's main thread does.
    /// See <see cref="SignalGuard"/>.
    /// </summary>
    public void WaitForUnmountOrSignal()
    {
        using var wake = new ManualResetEventSlim();
        using (new SignalGuard(_ => wake.Set()))
        {
            if (WaitHandle.WaitAny([_ended.WaitHandle, wake.WaitHandle]) == 1)
            {
                Stop();
                _ended.Wait();
            }
        }
    }

    /// <summary>
    /// Unmounts: at once if nothing in it is in use, else detached, and over when the last file in it is closed. Does not
    /// wait for that.
    /// </summary>
    public void Stop()
    {
        if (!_ended.IsSet && _connection.Unmount() is { } reason)
        {
            Logger.UnmountFailed(_connection.Name, reason);
        }
    }

    /// <summary>
    /// Stops the session and waits for its threads and its deferred requests, for
    /// <see cref="FuseSessionOptions.StopTimeout"/> at most; then it cuts the connection and says what was left behind.
    /// </summary>
    public void Dispose()
    {
        if (FuseWorker.IsInOperation)
        {
            throw new InvalidOperationException("An operation cannot wait for the end of its own session; call Stop.");
        }

        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (HasStarted)
        {
            Stop();
            if (!_ended.Wait(Options.StopTimeout))
            {
                Volatile.Write(ref _isOver, true);
                _connection.Abort();
                if (!_ended.Wait(_abortTimeout))
                {
                    TellLeftBehind();
                }
            }
        }

        _watchdog?.Dispose();
        _connection.Dispose();
    }

    /// <summary>Ends the session for a reason that is nobody's wish.</summary>
    internal void Fail(string reason, Exception? cause)
    {
        if (Interlocked.CompareExchange(ref _failure, reason, null) is not null)
        {
            return;
        }

        Volatile.Write(ref _isOver, true);
        Logger.SessionFailed(cause, reason);
        _connection.Abort();
        _initialised.Set();
    }

    /// <summary>A serving thread's last act.</summary>
    internal void WorkerEnded(FuseWorker worker, string? failure, Exception? cause)
    {
        if (failure is not null)
        {
            Fail(failure, cause);
        }

        bool isLast;
        lock (_gate)
        {
            isLast = --_runningCount == 0;
        }

        if (isLast)
        {
            End();
        }
    }

    private bool HasStarted
    {
        get
        {
            lock (_gate)
            {
                return _workers.Count > 0;
            }
        }
    }

    /// <summary>The last thread out waits for the deferred requests, and then tells the file system.</summary>
    private void End()
    {
        long deadlineMs = Environment.TickCount64 + (long)Options.StopTimeout.TotalMilliseconds;
        while (Array.Exists(Slots, slot => slot.IsInFlight) && Environment.TickCount64 < deadlineMs)
        {
            Thread.Sleep(1);
        }

        TellLeftBehind();

        if (Volatile.Read(ref _agreement) is not null)
        {
            TellFileSystem();
        }

        Notifier.End();
        foreach (FuseWorker worker in _workers)
        {
            worker.Dispose();
        }

        // Last: whoever waited for the end finds every descriptor closed and nothing left to happen.
        _initialised.Set();
        _ended.Set();
    }

    private void TellFileSystem()
    {
        try
        {
            FileSystem.Stopped();
        }
        catch (Exception exception)
        {
            Logger.CallbackThrew(exception, nameof(FuseFileSystem.Stopped));
        }
    }

    private void TellLeftBehind()
    {
        FuseSlot[] stuck = Array.FindAll(Slots, slot => slot.IsInFlight);
        if (stuck.Length > 0)
        {
            Logger.LeftBehind(
                stuck.Length,
                string.Join(", ", stuck.Select(slot => $"{slot.Request.Opcode} of node {slot.Request.Node} (request {slot.Request.Unique})")));
        }
    }
}
