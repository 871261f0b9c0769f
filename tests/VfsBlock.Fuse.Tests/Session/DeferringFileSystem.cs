using System.Collections.Concurrent;
using VfsBlock.Interop;

namespace VfsBlock.Fuse.Tests;

/// <summary>Defers every READ and READDIRPLUS it may; the test completes them.</summary>
internal sealed class DeferringFileSystem : ProbeFileSystem
{
    /// <summary>Requests that wait for the test.</summary>
    public BlockingCollection<FuseRequest> Deferred { get; } = [];

    /// <summary>How many READs were not deferred.</summary>
    public int SynchronousCount { get; private set; }

    /// <summary>Called after each successful deferral, on the serving thread.</summary>
    public Action<FuseRequest>? AfterDefer { get; set; }

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        if (request.TryDefer())
        {
            Deferred.Add(request);
            AfterDefer?.Invoke(request);
            return Errno.EREMOTEIO;
        }

        SynchronousCount++;
        return base.Read(request, node, args, data, ref byteCount);
    }

    public override Errno ReadDirPlus(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
    {
        request.TryDefer();
        Deferred.Add(request);
        return Errno.EREMOTEIO;
    }

    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        request.TryDefer();
        Deferred.Add(request);
        return Errno.None;
    }

    /// <summary>The next deferred request.</summary>
    public FuseRequest Take() =>
        Deferred.TryTake(out FuseRequest? request, TimeSpan.FromSeconds(30)) ? request : throw new TimeoutException("nothing was deferred");

    /// <summary>Answers a READ with bytes of one value.</summary>
    public static unsafe void CompleteRead(FuseRequest request, byte value)
    {
        int lengthBytes = (int)request.Arguments<FuseReadIn>().Size;
        new Span<byte>((void*)request.ReplyAddress, lengthBytes).Fill(value);
        request.Complete(Errno.None, lengthBytes);
    }
}
