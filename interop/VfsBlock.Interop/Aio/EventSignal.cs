using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>An eventfd(2): threads and the kernel raise it, one thread waits for it and resets it.</summary>
/// <remarks>
/// Owns the descriptor. Any thread may call <see cref="Raise"/>, one at a time the others; whoever disposes it knows that
/// nobody is inside a call. Takes no lock and allocates nothing after the constructor.
/// </remarks>
internal sealed unsafe class EventSignal : IDisposable
{
    private readonly SafeFileHandle _handle;

    /// <summary>Makes one that is not raised.</summary>
    /// <exception cref="ErrnoException">The process or the machine has no descriptor left.</exception>
    public EventSignal()
    {
        int descriptor = Libc.EventFd(0, Libc.EventFdNonBlocking | Libc.EventFdCloseOnExec);
        if (descriptor < 0)
        {
            throw new ErrnoException((Errno)(-descriptor), "cannot make an eventfd", "Raise the limit (ulimit -n).");
        }

        Descriptor = descriptor;
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>Ends the wait that is on, or else the next one.</summary>
    public void Raise()
    {
        // Fails with EAGAIN only where the counter is at its limit, and then it is raised.
        ulong one = 1;
        _ = Libc.Write(Descriptor, &one, sizeof(ulong));
    }

    /// <summary>Takes back every raise so far.</summary>
    public void Reset()
    {
        ulong count;
        _ = Libc.Read(Descriptor, &count, sizeof(ulong));
    }

    /// <summary>Waits until it is raised, a signal comes, or the time is up; the caller looks itself which it was.</summary>
    public void Wait(Deadline deadline)
    {
        var poll = new PollDescriptor { FileDescriptor = Descriptor, Asked = PollDescriptor.Readable };
        int returned = Libc.Poll(&poll, 1, deadline.RemainingMs);
        if (returned < 0 && returned != -(int)Errno.EINTR)
        {
            throw new InvalidOperationException($"cannot wait for eventfd {Descriptor}: {ErrnoText.Describe((Errno)(-returned))}");
        }
    }

    public void Dispose() => _handle.Dispose();
}
