using System.Collections.Concurrent;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// READ waits for the test or for a signal to its caller, either in the operation itself or deferred. Nothing of the file
/// is cached, so each read(2) is one READ.
/// </summary>
internal sealed unsafe class InterruptProbe : ProbeFileSystem
{
    private readonly ConcurrentDictionary<ulong, FuseRequest> _waiting = new();
    private int _interruptedCount;
    private int _refusedCount;

    public InterruptProbe()
    {
        IsOpenServed = true;
        OpenFlags = FuseOpenFlags.DirectIo;
    }

    /// <summary>Whether READ waits deferred; otherwise it keeps its serving thread.</summary>
    public bool Defers { get; init; }

    /// <summary>Whether a signal ends the wait, with EINTR; otherwise it is counted and that is all.</summary>
    public bool HeedsSignals { get; init; }

    /// <summary>Whether READ waits at all.</summary>
    public bool Holds { get; set; }

    /// <summary>How many requests wait.</summary>
    public int WaitingCount => _waiting.Count;

    /// <summary>How often the session told of a signal.</summary>
    public int InterruptedCount => Volatile.Read(ref _interruptedCount);

    /// <summary>How many requests found no room to be deferred.</summary>
    public int RefusedCount => Volatile.Read(ref _refusedCount);

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        if (!Holds)
        {
            return base.Read(request, node, args, data, ref byteCount);
        }

        if (Defers)
        {
            Defer(request);
            return Errno.EAGAIN;
        }

        return IsCutShort(request) ? Errno.EINTR : base.Read(request, node, args, data, ref byteCount);
    }

    public override void Interrupted(FuseRequest request)
    {
        // Counted last: whoever sees the count finds the request gone.
        Cut(request);
        Interlocked.Increment(ref _interruptedCount);
    }

    /// <summary>Gives every waiting request its data, and lets the next ones pass.</summary>
    public void LetGo()
    {
        Holds = false;
        foreach (FuseRequest request in _waiting.Values)
        {
            if (Defers && _waiting.TryRemove(request.Unique, out _))
            {
                var data = new Span<byte>((void*)request.ReplyAddress, request.ReplyCapacityBytes);
                request.Complete(Errno.None, CopyTo(data, (long)request.Arguments<FuseReadIn>().Offset));
            }
        }
    }

    private void Defer(FuseRequest request)
    {
        if (!request.TryDefer())
        {
            Interlocked.Increment(ref _refusedCount);
            return;
        }

        _waiting[request.Unique] = request;
        if (request.IsInterrupted)
        {
            Cut(request);
        }
    }

    private void Cut(FuseRequest request)
    {
        if (Defers && HeedsSignals && _waiting.TryRemove(request.Unique, out _))
        {
            request.Complete(Errno.EINTR);
        }
    }

    private bool IsCutShort(FuseRequest request)
    {
        _waiting[request.Unique] = request;
        bool isCut = false;
        SpinWait.SpinUntil(() => (isCut = HeedsSignals && request.IsInterrupted) || !Holds, ProbeMount.Patience / 2);
        _waiting.TryRemove(request.Unique, out _);
        return isCut;
    }
}
