using VfsBlock.Interop;
using VfsBlock.Interop.Native;

namespace VfsBlock.Fuse;

/// <summary>
/// One serving thread: takes a request from its channel, has it carried out, sends the reply. Owns its channel and its
/// slots.
/// </summary>
/// <remarks>
/// The thread runs one request at a time and may have several deferred. Which slot comes next is known to this thread
/// alone: a deferred request may be answered, and its slot be free again, before the operation that deferred it returns.
/// </remarks>
internal sealed class FuseWorker : IDisposable
{
    [ThreadStatic]
    private static FuseWorker? _ofThisThread;

    private readonly IFuseChannel _channel;
    private readonly int _cpu;
    private readonly FuseSlotStack _free = new();
    private readonly Thread _thread;
    private FuseSlot _current;
    private FuseSlot? _next;
    private bool _isInOperation;

    /// <param name="session">The session it serves.</param>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="channel">Its channel, owned from here on.</param>
    /// <param name="cpu">The CPU to be tied to, or -1.</param>
    public FuseWorker(FuseSession session, int index, IFuseChannel channel, int cpu)
    {
        Session = session;
        Index = index;
        _channel = channel;
        _cpu = cpu;
        Slots = new FuseSlot[1 + session.Options.DeferredPerThread];
        for (int slot = 0; slot < Slots.Length; slot++)
        {
            Slots[slot] = new FuseSlot(this, session.Options.MaxWriteBytes);
        }

        _current = Slots[0];
        foreach (FuseSlot slot in Slots.AsSpan(1))
        {
            _free.Push(slot);
        }

        _thread = new Thread(Run) { IsBackground = true, Name = $"fuse-{index}" };
    }

    /// <summary>True on a serving thread while an operation of the file system runs on it.</summary>
    public static bool IsInOperation => _ofThisThread?._isInOperation == true;

    /// <summary>The session it serves.</summary>
    public FuseSession Session { get; }

    /// <summary>Its number, from 0.</summary>
    public int Index { get; }

    /// <summary>Its channel.</summary>
    public IFuseChannel Channel => _channel;

    /// <summary>The memory of its requests: one that runs, and those that are deferred.</summary>
    public FuseSlot[] Slots { get; }

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Waits for the thread's end. True if it ended in time.</summary>
    public bool Join(TimeSpan timeout) => Thread.CurrentThread != _thread && _thread.Join(timeout);

    /// <summary>Defers the request in <paramref name="slot"/>, which must be the one that runs on this thread.</summary>
    /// <returns>False if there is no slot for the next request.</returns>
    public bool TryDefer(FuseSlot slot)
    {
        if (_ofThisThread != this || slot != _current || !_isInOperation)
        {
            throw new InvalidOperationException("Only the operation itself, on its serving thread, can defer its request.");
        }

        FuseSlot? next = _next is null ? _free.TryPop() : null;
        if (next is null)
        {
            // A second call for the same request gets its exception here as well.
            return _next is not null ? throw new InvalidOperationException("The request was deferred already.") : false;
        }

        slot.Defer();
        _next = next;
        return true;
    }

    /// <summary>Takes back a slot whose deferred request was answered. Any thread.</summary>
    public void GiveBack(FuseSlot slot) => _free.Push(slot);

    /// <summary>Frees channel and slots, save for those that are still in flight. Only after the thread ended.</summary>
    public void Dispose()
    {
        foreach (FuseSlot slot in Slots)
        {
            if (slot.IsInFlight)
            {
                slot.Abandon();
            }
            else
            {
                slot.Dispose();
            }
        }

        _channel.Dispose();
    }

    private void Run()
    {
        _ofThisThread = this;
        Pin();
        string? failure = null;
        Exception? cause = null;
        try
        {
            failure = Serve();
        }
        catch (Exception exception)
        {
            // One thread's death would leave the callers on its CPU waiting for ever: all go together.
            failure = $"serving thread {Index} failed";
            cause = exception;
        }

        Session.WorkerEnded(this, failure, cause);
    }

    private void Pin()
    {
        if (_cpu < 0)
        {
            return;
        }

        int result = Libc.SetThreadAffinity(_cpu);
        if (result < 0)
        {
            Session.Logger.NotPinned(Index, _cpu, ErrnoText.Describe((Errno)(-result)));
        }
    }

    /// <summary>Serves until the connection ends.</summary>
    /// <returns>Null for a regular end, or what went wrong.</returns>
    private string? Serve()
    {
        while (true)
        {
            Errno error = _channel.Receive(_current);
            switch (error)
            {
                case Errno.None:
                    Handle();
                    break;
                case Errno.EINTR or Errno.EAGAIN or Errno.ENOENT:
                    break;
                case Errno.EBADMSG:
                    Session.Logger.Malformed(default, _current.MessageLengthBytes, 0);
                    break;
                case Errno.ENODEV or Errno.ECONNABORTED:
                    return null;
                default:
                    return $"serving thread {Index} cannot read requests: {ErrnoText.Describe(error)}";
            }

            if (Session.IsOver)
            {
                return null;
            }
        }
    }

    private void Handle()
    {
        FuseSlot slot = _current;
        _isInOperation = true;
        try
        {
            Session.Handle(slot);
        }
        catch when (_next is null && slot.IsInFlight)
        {
            // Nobody else will answer it, and whoever mounts cannot even be killed before INIT is answered.
            _channel.Send(slot, Errno.EIO, 0);
            slot.End();
            throw;
        }

        _isInOperation = false;
        if (_next is not null)
        {
            // Deferred: the slot may be anybody's by now.
            _current = _next;
            _next = null;
        }
    }

    /// <summary>True if the request that this thread is handling was deferred by its operation.</summary>
    public bool HasDeferred => _next is not null;
}
