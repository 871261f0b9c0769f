using System.Collections.Concurrent;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// Defers each READ and WRITE that it may and leaves the answer to the test, which names the request by its offset. The
/// rest is answered at once. Nothing of the file is cached, and writes within it run side by side.
/// </summary>
internal sealed unsafe class DeferralProbe : ProbeFileSystem
{
    private readonly ConcurrentDictionary<long, FuseRequest> _held = new();
    private int _refusedCount;
    private int _stoppedCount;

    public DeferralProbe()
    {
        IsOpenServed = true;
        OpenFlags = FuseOpenFlags.DirectIo | FuseOpenFlags.ParallelDirectWrites;
    }

    /// <summary>Whether requests are deferred; otherwise they are answered as they come.</summary>
    public bool Holds { get; set; } = true;

    /// <summary>How many requests wait for the test.</summary>
    public int HeldCount => _held.Count;

    /// <summary>How many requests found no room to be deferred, and were answered at once.</summary>
    public int RefusedCount => Volatile.Read(ref _refusedCount);

    /// <summary>How often the session said that it is over.</summary>
    public int StoppedCount => Volatile.Read(ref _stoppedCount);

    public override void Stopped() => Interlocked.Increment(ref _stoppedCount);

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount) =>
        TryHold(request, args.Offset) ? Errno.EREMOTEIO : base.Read(request, node, args, data, ref byteCount);

    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply) =>
        TryHold(request, args.Offset) ? Errno.EREMOTEIO : base.Write(request, node, args, data, ref reply);

    /// <summary>Answers the request that is held at an offset, as it would have been answered without deferral.</summary>
    public void Answer(long offset)
    {
        if (!_held.TryRemove(offset, out FuseRequest? request))
        {
            throw new InvalidOperationException($"no request is held at offset {offset}");
        }

        if (request.Opcode == FuseOpcode.Read)
        {
            request.Complete(
                Errno.None, CopyTo(new Span<byte>((void*)request.ReplyAddress, request.ReplyCapacityBytes), offset));
            return;
        }

        var data = new ReadOnlySpan<byte>((void*)request.DataAddress, request.DataLengthBytes);
        request.Complete(
            base.Write(request, request.Node, request.Arguments<FuseWriteIn>(), data, ref request.Reply<FuseWriteOut>()));
    }

    private bool TryHold(FuseRequest request, ulong offset)
    {
        if (!Holds)
        {
            return false;
        }

        if (!request.TryDefer())
        {
            Interlocked.Increment(ref _refusedCount);
            return false;
        }

        _held[(long)offset] = request;
        return true;
    }
}
