using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>Remembers how much the largest READ and WRITE carried, and refuses those that the agreement does not allow.</summary>
internal sealed class BigIoProbe : ProbeFileSystem
{
    private int _largestReadBytes;
    private int _largestWriteBytes;
    private FuseAgreement? _agreement;

    /// <summary>The most bytes that one READ asked for.</summary>
    public int LargestReadBytes => Volatile.Read(ref _largestReadBytes);

    /// <summary>The most bytes that one WRITE brought.</summary>
    public int LargestWriteBytes => Volatile.Read(ref _largestWriteBytes);

    public override void Started(FuseAgreement agreement) => _agreement = agreement;

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        RaiseTo(ref _largestReadBytes, data.Length);
        return data.Length != args.Size || data.Length > _agreement!.MaxReadBytes
            ? Errno.EPROTO
            : base.Read(request, node, args, data, ref byteCount);
    }

    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        RaiseTo(ref _largestWriteBytes, data.Length);
        return data.Length != args.Size || data.Length > _agreement!.MaxWriteBytes
            ? Errno.EPROTO
            : base.Write(request, node, args, data, ref reply);
    }

    private static void RaiseTo(ref int largest, int value)
    {
        int seen = Volatile.Read(ref largest);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref largest, value, seen);
            seen = before == seen ? value : before;
        }
    }
}
