using System.Collections.Concurrent;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>The one file, its data filled in by a thread of its own while the serving threads go on.</summary>
internal sealed class LateFileSystem : OneFileSystem, IDisposable
{
    private readonly BlockingCollection<FuseRequest> _waiting = [];
    private readonly Thread _thread;

    public LateFileSystem()
    {
        _thread = new Thread(Answer) { Name = "late" };
        _thread.Start();
    }

    /// <summary>How many READs were deferred.</summary>
    public int LateCount { get; private set; }

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        if (!request.TryDefer())
        {
            return base.Read(request, node, args, data, ref byteCount);
        }

        _waiting.Add(request);
        return Errno.None;
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }

    private unsafe void Answer()
    {
        foreach (FuseRequest request in _waiting.GetConsumingEnumerable())
        {
            LateCount++;
            var data = new Span<byte>((void*)request.ReplyAddress, request.ReplyCapacityBytes);
            request.Complete(Errno.None, Fill(data, (long)request.Arguments<FuseReadIn>().Offset, Length));
        }
    }
}
