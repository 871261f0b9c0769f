using System.Diagnostics;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// One io_setup(2) context: Linux AIO as it is, a thin layer under <see cref="AioQueue"/>, which is what most code wants.
/// Every method is one system call and returns what the kernel said; nothing is retried.
/// </summary>
/// <remarks>
/// Owns the kernel's context and destroys it once. Any thread may submit and reap at the same time; disposing while
/// another thread is inside a call is the caller's error, because the kernel may give the address to the next context.
/// Takes no lock. A context left to the finaliser is destroyed there, which waits for what is in flight; every call keeps
/// the object alive to its end, or the finaliser could destroy the context under a call that is its last use.
/// </remarks>
public sealed unsafe class AioContext : IDisposable
{
    private nuint _address;

    private AioContext(nuint address) => _address = address;

    /// <summary>Destroys a context that nobody disposed, before its owner's memory is given back.</summary>
    ~AioContext() => Destroy();

    /// <summary>io_setup(2).</summary>
    /// <param name="depth">Requests in flight at once, 1 or more. The kernel rounds up: its ring may take many more.</param>
    /// <param name="context">The new context if there was no error, else null.</param>
    /// <returns>
    /// EINVAL: a depth of 0 or beyond any reason. EAGAIN: over the machine's budget, /proc/sys/fs/aio-max-nr. ENOSYS,
    /// EPERM: a kernel or a sandbox without AIO.
    /// </returns>
    public static Errno TryCreate(int depth, out AioContext? context)
    {
        nuint address = 0;
        int returned = Libc.IoSetup((uint)depth, &address);
        context = returned < 0 ? null : new AioContext(address);
        return returned < 0 ? (Errno)(-returned) : Errno.None;
    }

    /// <summary>io_submit(2).</summary>
    /// <param name="requests">Addresses of <see cref="AioRequestBlock"/>s. Each block's memory must stay until its event was reaped.</param>
    /// <param name="error">
    /// Set only if none went in, and then about the first: EBADF (no such file, or eventfd), EINVAL (a field), EFAULT (iovecs
    /// or blocks out of reach), EAGAIN (the ring is full of events that were not reaped), EOPNOTSUPP (flags).
    /// </param>
    /// <returns>How many went in, from the front. Fewer than given says nothing about why; submit the rest to learn it.</returns>
    public int Submit(ReadOnlySpan<nint> requests, out Errno error)
    {
        fixed (nint* first = requests)
        {
            int returned = Libc.IoSubmit(Address, requests.Length, (AioRequestBlock**)first);
            GC.KeepAlive(this);
            return Split(returned, out error);
        }
    }

    /// <summary>io_getevents(2): how many events were stored.</summary>
    /// <param name="minimum">How many to wait for; more than there is room for is EINVAL, and so is a negative number.</param>
    /// <param name="events">Room for the events.</param>
    /// <param name="timeout">How long to wait at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever. At its end there may be fewer than the minimum.</param>
    /// <param name="error">EINVAL; EINTR if a signal came before the first event.</param>
    public int Reap(int minimum, Span<AioEvent> events, TimeSpan timeout, out Errno error)
    {
        var relative = new TimeSpec(timeout);
        fixed (AioEvent* first = events)
        {
            TimeSpec* limit = timeout == Timeout.InfiniteTimeSpan ? null : &relative;
            int returned = Libc.IoGetEvents(Address, minimum, events.Length, first, limit);
            GC.KeepAlive(this);
            return Split(returned, out error);
        }
    }

    /// <summary>io_cancel(2): asks the kernel to end a request early.</summary>
    /// <param name="request">The address that was submitted.</param>
    /// <returns>
    /// EINVAL: it cannot be cancelled, which is the answer for every read, write and sync; it runs on. EINPROGRESS: it is
    /// being cancelled. In both cases its event comes by <see cref="Reap"/>, and until then its memory is in use: no
    /// answer means that the request is gone.
    /// </returns>
    public Errno Cancel(AioRequestBlock* request)
    {
        AioEvent unused;
        Split(Libc.IoCancel(Address, request, &unused), out Errno error);
        GC.KeepAlive(this);
        return error;
    }

    /// <summary>The head of the event ring in this process's memory.</summary>
    /// <exception cref="InvalidOperationException">What is there is not a ring by its magic.</exception>
    public AioRingHeader ReadRingHeader()
    {
        AioRingHeader header = *(AioRingHeader*)Address;
        GC.KeepAlive(this);
        return header.Magic == AioRingHeader.ExpectedMagic
            ? header
            : throw new InvalidOperationException($"AIO ring magic is 0x{header.Magic:x}, expected 0x{AioRingHeader.ExpectedMagic:x}");
    }

    /// <summary>io_destroy(2): waits for everything in flight and drops its events. A second call does nothing.</summary>
    public void Dispose()
    {
        Destroy();
        GC.SuppressFinalize(this);
    }

    private nuint Address
    {
        get
        {
            nuint address = _address;
            ObjectDisposedException.ThrowIf(address == 0, this);
            return address;
        }
    }

    private static int Split(int returned, out Errno error)
    {
        error = returned < 0 ? (Errno)(-returned) : Errno.None;
        return Math.Max(returned, 0);
    }

    private void Destroy()
    {
        nuint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            int returned = Libc.IoDestroy(address);
            Debug.Assert(returned == 0, "the kernel knows the context that it gave out");
        }
    }
}
