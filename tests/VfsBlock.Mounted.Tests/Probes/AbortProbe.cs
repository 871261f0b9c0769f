using System.Collections.Concurrent;
using System.Text;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// Holds each LOOKUP of a name that starts with "late" until the test lets go: deferred where it can, else in the operation.
/// Counts the lookups that the kernel has of the nodes behind those names.
/// </summary>
internal sealed class AbortProbe : ProbeFileSystem
{
    public static readonly NodeId LateNode = new(3);
    private readonly ConcurrentDictionary<string, FuseRequest> _held = new();
    private bool _isLetGo;
    private long _lateLookupCount;
    private int _stoppedCount;

    /// <summary>How many lookups have come to wait.</summary>
    public int HeldCount => _held.Count;

    /// <summary>Lookups of <see cref="LateNode"/> that were answered and not taken back.</summary>
    public long LateLookupCount => Interlocked.Read(ref _lateLookupCount);

    /// <summary>How often the session said that it is over.</summary>
    public int StoppedCount => Volatile.Read(ref _stoppedCount);

    public override void Stopped() => Interlocked.Increment(ref _stoppedCount);

    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        if (!name.StartsWith("late"u8))
        {
            return base.Lookup(request, parent, name, ref reply);
        }

        bool isDeferred = !name.EndsWith("here"u8) && request.TryDefer();
        _held[Encoding.UTF8.GetString(name)] = request;
        if (!isDeferred)
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref _isLetGo), ProbeMount.Patience);
            Find(ref reply);
        }

        return Errno.None;
    }

    public override void Forget(NodeId node, ulong lookupCount)
    {
        if (node == LateNode)
        {
            Interlocked.Add(ref _lateLookupCount, -(long)lookupCount);
        }
    }

    /// <summary>Answers all that wait: the name was found.</summary>
    public void LetGo()
    {
        Volatile.Write(ref _isLetGo, true);
        foreach ((string name, FuseRequest request) in _held)
        {
            if (!name.EndsWith("here", StringComparison.Ordinal))
            {
                Find(ref request.Reply<FuseEntryOut>());
                request.Complete(Errno.None);
            }
        }
    }

    private void Find(ref FuseEntryOut reply)
    {
        Interlocked.Increment(ref _lateLookupCount);
        reply.NodeId = LateNode.Value;
        reply.Attr = new FuseAttr { Inode = LateNode.Value, Mode = 0x81a4, LinkCount = 1 };
    }
}
