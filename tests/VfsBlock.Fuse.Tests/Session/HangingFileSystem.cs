using VfsBlock.Interop;

namespace VfsBlock.Fuse.Tests;

/// <summary>GETATTR of node 13 hangs until the test releases it, or until it is interrupted.</summary>
internal sealed class HangingFileSystem : ProbeFileSystem, IDisposable
{
    public const ulong HangingNode = 13;
    private readonly ManualResetEventSlim _released = new();

    /// <summary>Set while the operation hangs.</summary>
    public ManualResetEventSlim Hangs { get; } = new();

    /// <summary>Whether <see cref="FuseRequest.IsInterrupted"/> was set when the operation started.</summary>
    public bool StartedInterrupted { get; private set; }

    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        if (node.Value != HangingNode)
        {
            return base.GetAttr(request, node, args, ref reply);
        }

        StartedInterrupted = request.IsInterrupted;
        Hangs.Set();
        ServedSession.WaitUntil(() => _released.IsSet || request.IsInterrupted);
        return request.IsInterrupted ? Errno.EINTR : Errno.None;
    }

    public void Release() => _released.Set();

    public void Dispose()
    {
        _released.Dispose();
        Hangs.Dispose();
    }
}
