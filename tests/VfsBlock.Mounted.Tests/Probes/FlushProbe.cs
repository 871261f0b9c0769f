using System.Collections.Concurrent;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>Answers FLUSH, FSYNC and FSYNCDIR as told, and writes down in what order they came between the writes.</summary>
internal sealed class FlushProbe : ProbeFileSystem
{
    public Errno FlushAnswer { get; set; }

    public Errno FsyncAnswer { get; set; }

    /// <summary>The answer to an FSYNC or FSYNCDIR of data alone: fdatasync(2).</summary>
    public Errno DataSyncAnswer { get; set; }

    /// <summary>What came, in order. FSYNC of data alone is "FDATASYNC", and FSYNCDIR "FDATASYNCDIR".</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        Seen.Enqueue("WRITE");
        return base.Write(request, node, args, data, ref reply);
    }

    public override Errno Flush(FuseRequest request, NodeId node, in FuseFlushIn args)
    {
        Seen.Enqueue("FLUSH");
        return FlushAnswer;
    }

    public override Errno Fsync(FuseRequest request, NodeId node, in FuseFsyncIn args) => Sync(args, "SYNC");

    public override Errno FsyncDir(FuseRequest request, NodeId node, in FuseFsyncIn args) => Sync(args, "SYNCDIR");

    private Errno Sync(in FuseFsyncIn args, string name)
    {
        bool isDataOnly = args.FsyncFlags.HasFlag(FuseFsyncFlags.DataOnly);
        Seen.Enqueue((isDataOnly ? "FDATA" : "F") + name);
        return isDataOnly ? DataSyncAnswer : FsyncAnswer;
    }
}
