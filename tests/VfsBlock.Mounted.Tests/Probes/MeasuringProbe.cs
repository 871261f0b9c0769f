using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// Adds up what its serving threads allocate: each operation looks at what its thread has allocated since the one before,
/// the session's own work between the two included. Nothing is cached, and OPEN, OPENDIR and FLUSH are served, so that each
/// call of a client is a message.
/// </summary>
internal sealed class MeasuringProbe : ProbeFileSystem
{
    [ThreadStatic]
    private static long _seenBytes;

    private long _allocatedBytes;
    private long _requestCount;

    public MeasuringProbe()
    {
        IsOpenServed = true;
        OpenFlags = FuseOpenFlags.DirectIo;
    }

    /// <summary>Bytes allocated between the first operation of each serving thread and its last.</summary>
    public long AllocatedBytes => Interlocked.Read(ref _allocatedBytes);

    /// <summary>How many operations were looked at.</summary>
    public long RequestCount => Interlocked.Read(ref _requestCount);

    /// <summary>Allocates in each operation: what the measurement must find.</summary>
    public bool Allocates { get; set; }

    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        Measure();
        return base.Lookup(request, parent, name, ref reply);
    }

    public override void Forget(NodeId node, ulong lookupCount) => Measure();

    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        Measure();
        return base.GetAttr(request, node, args, ref reply);
    }

    public override Errno SetAttr(FuseRequest request, NodeId node, in FuseSetAttrIn args, ref FuseAttrOut reply)
    {
        Measure();
        return base.SetAttr(request, node, args, ref reply);
    }

    public override Errno Open(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply)
    {
        Measure();
        return base.Open(request, node, args, ref reply);
    }

    public override Errno Flush(FuseRequest request, NodeId node, in FuseFlushIn args) => Measure();

    public override Errno Release(FuseRequest request, NodeId node, in FuseReleaseIn args) => Measure();

    public override Errno Fsync(FuseRequest request, NodeId node, in FuseFsyncIn args) => Measure();

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        Measure();
        return base.Read(request, node, args, data, ref byteCount);
    }

    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        Measure();
        return base.Write(request, node, args, data, ref reply);
    }

    public override Errno OpenDir(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply) => Measure();

    public override Errno ReleaseDir(FuseRequest request, NodeId node, in FuseReleaseIn args) => Measure();

    public override Errno ReadDir(FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries)
    {
        Measure();
        return args.Offset == 0 && !entries.TryAdd("file"u8, FileNode.Value, 0x81b6, 1) ? Errno.EINVAL : Errno.None;
    }

    public override Errno ReadDirPlus(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
    {
        Measure();
        return args.Offset == 0 && !entries.TryAdd("file"u8, FileNode.Value, 0x81b6, 1) ? Errno.EINVAL : Errno.None;
    }

    private Errno Measure()
    {
        if (Allocates)
        {
            GC.KeepAlive(new object());
        }

        long now = GC.GetAllocatedBytesForCurrentThread();
        if (_seenBytes != 0)
        {
            Interlocked.Add(ref _allocatedBytes, now - _seenBytes);
        }

        _seenBytes = now;
        Interlocked.Increment(ref _requestCount);
        return Errno.None;
    }
}
