using System.Collections.Concurrent;
using System.Text;
using VfsBlock.Interop;

namespace VfsBlock.Fuse.Tests;

/// <summary>
/// Answers every operation with numbers of its own, and keeps a line of what it was called with. <see cref="Answer"/>
/// makes all of them fail.
/// </summary>
internal class ProbeFileSystem : FuseFileSystem
{
    public const ulong Node = 42;
    public const uint Mode = 0x81a4;

    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>What the operations answer.</summary>
    public Errno Answer { get; set; }

    public int StartedCount { get; private set; }

    public int StoppedCount { get; private set; }

    public FuseAgreement? Agreement { get; private set; }

    /// <summary>Node and count of every FORGET.</summary>
    public ConcurrentQueue<(ulong Node, ulong Count)> Forgotten { get; } = [];

    public bool OpensServed { get; init; } = true;

    public override bool ServesOpen => OpensServed;

    public override void Started(FuseAgreement agreement)
    {
        Agreement = agreement;
        StartedCount++;
    }

    public override void Stopped() => StoppedCount++;

    public override void Forget(NodeId node, ulong lookupCount) => Forgotten.Enqueue((node.Value, lookupCount));

    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
        Entry(ref reply, $"lookup {parent} {Text(name)}");

    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply) =>
        Attributes(ref reply, $"getattr {node} {args.FileHandle}");

    public override Errno SetAttr(FuseRequest request, NodeId node, in FuseSetAttrIn args, ref FuseAttrOut reply) =>
        Attributes(ref reply, $"setattr {node} {args.Valid} {args.Mode} {args.Size}");

    public override Errno Statx(FuseRequest request, NodeId node, in FuseStatxIn args, ref FuseStatxOut reply)
    {
        reply.AttrValidSeconds = 9;
        return Note($"statx {node} {args.StatxMask}");
    }

    public override Errno Access(FuseRequest request, NodeId node, in FuseAccessIn args) => Note($"access {node} {args.Mask}");

    public override Errno ReadLink(FuseRequest request, NodeId node, Span<byte> target, ref int byteCount)
    {
        "there"u8.CopyTo(target);
        byteCount = 5;
        return Note($"readlink {node}");
    }

    public override Errno SymLink(
        FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, ref FuseEntryOut reply) =>
        Entry(ref reply, $"symlink {parent} {Text(name)} {Text(target)}");

    public override Errno MkNod(
        FuseRequest request, NodeId parent, in FuseMknodIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
        Entry(ref reply, $"mknod {parent} {Text(name)} {args.Mode} {args.DeviceId}");

    public override Errno MkDir(
        FuseRequest request, NodeId parent, in FuseMkdirIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
        Entry(ref reply, $"mkdir {parent} {Text(name)} {args.Mode}");

    public override Errno Create(
        FuseRequest request, NodeId parent, in FuseCreateIn args, ReadOnlySpan<byte> name, ref FuseCreateOut reply)
    {
        reply.Open.FileHandle = 77;
        return Entry(ref reply.Entry, $"create {parent} {Text(name)} {args.Flags} {args.Mode}");
    }

    public override Errno TmpFile(FuseRequest request, NodeId parent, in FuseCreateIn args, ref FuseCreateOut reply)
    {
        reply.Open.FileHandle = 78;
        return Entry(ref reply.Entry, $"tmpfile {parent} {args.Mode}");
    }

    public override Errno Link(
        FuseRequest request, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, ref FuseEntryOut reply) =>
        Entry(ref reply, $"link {node} {newParent} {Text(newName)}");

    public override Errno Unlink(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name) =>
        Note($"unlink {parent} {Text(name)}");

    public override Errno RmDir(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name) =>
        Note($"rmdir {parent} {Text(name)}");

    public override Errno Rename(
        FuseRequest request,
        NodeId oldParent,
        ReadOnlySpan<byte> oldName,
        NodeId newParent,
        ReadOnlySpan<byte> newName,
        uint flags) => Note($"rename {oldParent} {Text(oldName)} {newParent} {Text(newName)} {flags}");

    public override Errno OpenDir(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply)
    {
        reply.FileHandle = 79;
        return Note($"opendir {node}");
    }

    public override Errno ReadDir(FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries)
    {
        entries.TryAdd("."u8, 1, 0x4000, 1);
        entries.TryAdd("file"u8, Node, Mode, 2);
        return Note($"readdir {node} {args.Offset} {args.Size}");
    }

    public override Errno ReadDirPlus(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
    {
        var entry = new FuseEntryOut { NodeId = Node, Attr = new FuseAttr { Inode = Node, Mode = Mode } };
        entries.TryAdd("."u8, 1, 0x4000, 1);
        entries.TryAdd("file"u8, entry, 2);
        entry.NodeId = Node + 1;
        entries.TryAdd("another"u8, entry, 3);
        return Note($"readdirplus {node} {args.Offset} {args.Size}");
    }

    public override Errno ReleaseDir(FuseRequest request, NodeId node, in FuseReleaseIn args) =>
        Note($"releasedir {node} {args.FileHandle}");

    public override Errno FsyncDir(FuseRequest request, NodeId node, in FuseFsyncIn args) => Note($"fsyncdir {node}");

    public override Errno Open(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply)
    {
        reply.FileHandle = 80;
        return Note($"open {node} {args.Flags}");
    }

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        data.Fill((byte)args.Offset);
        byteCount = data.Length;
        return Note($"read {node} {args.Offset} {args.Size} at {request.ReplyAddress % 4096}");
    }

    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        reply.Size = (uint)data.Length;
        return Note($"write {node} {args.Offset} {data.Length} at {request.DataAddress % 4096}");
    }

    public override Errno Flush(FuseRequest request, NodeId node, in FuseFlushIn args) => Note($"flush {node} {args.FileHandle}");

    public override Errno Release(FuseRequest request, NodeId node, in FuseReleaseIn args) =>
        Note($"release {node} {args.FileHandle}");

    public override Errno Fsync(FuseRequest request, NodeId node, in FuseFsyncIn args) => Note($"fsync {node} {args.FsyncFlags}");

    public override Errno Fallocate(FuseRequest request, NodeId node, in FuseFallocateIn args) =>
        Note($"fallocate {node} {args.Offset} {args.Length} {args.Mode}");

    public override Errno Lseek(FuseRequest request, NodeId node, in FuseLseekIn args, ref FuseLseekOut reply)
    {
        reply.Offset = args.Offset + 1;
        return Note($"lseek {node} {args.Offset} {args.Whence}");
    }

    public override Errno CopyFileRange(
        FuseRequest request, NodeId node, in FuseCopyFileRangeIn args, ref ulong copiedByteCount)
    {
        copiedByteCount = args.Length;
        return Note($"copy {node} {args.InOffset} {args.OutNodeId} {args.OutOffset} {args.Length}");
    }

    public override Errno SyncFs(FuseRequest request, NodeId node) => Note($"syncfs {node}");

    public override Errno GetLock(FuseRequest request, NodeId node, in FuseLockIn args, ref FuseLockOut reply)
    {
        reply.Lock = args.Lock;
        return Note($"getlk {node}");
    }

    public override Errno SetLock(FuseRequest request, NodeId node, in FuseLockIn args, bool wait) =>
        Note($"setlk {node} {wait}");

    public override Errno Bmap(FuseRequest request, NodeId node, in FuseBmapIn args, ref FuseBmapOut reply)
    {
        reply.Block = args.Block;
        return Note($"bmap {node}");
    }

    public override Errno Ioctl(
        FuseRequest request,
        NodeId node,
        in FuseIoctlIn args,
        ReadOnlySpan<byte> input,
        Span<byte> output,
        ref FuseIoctlOut reply,
        ref int byteCount)
    {
        reply.Result = 5;
        byteCount = Math.Min(3, output.Length);
        output[..byteCount].Fill(0xab);
        return Note($"ioctl {node} {args.Command} {input.Length} {output.Length}");
    }

    public override Errno Poll(FuseRequest request, NodeId node, in FusePollIn args, ref FusePollOut reply)
    {
        reply.ReadyEvents = 4;
        return Note($"poll {node} {args.PollHandle}");
    }

    public override Errno SetXattr(
        FuseRequest request, NodeId node, in FuseSetXattrIn args, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Note($"setxattr {node} {Text(name)} {value.Length} {args.Flags}");

    public override Errno GetXattr(
        FuseRequest request, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, ref int byteCount) =>
        Value(value, ref byteCount, $"getxattr {node} {Text(name)}");

    public override Errno ListXattr(FuseRequest request, NodeId node, Span<byte> names, ref int byteCount) =>
        Value(names, ref byteCount, $"listxattr {node}");

    public override Errno RemoveXattr(FuseRequest request, NodeId node, ReadOnlySpan<byte> name) =>
        Note($"removexattr {node} {Text(name)}");

    public override void Interrupted(FuseRequest request) => Calls.Enqueue($"interrupted {request.Unique}");

    protected Errno Note(string call)
    {
        Calls.Enqueue(call);
        return Answer;
    }

    private static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);

    private Errno Entry(ref FuseEntryOut reply, string call)
    {
        reply.NodeId = Node;
        reply.Attr.Mode = Mode;
        return Note(call);
    }

    private Errno Attributes(ref FuseAttrOut reply, string call)
    {
        reply.AttrValidSeconds = 8;
        reply.Attr.Mode = Mode;
        return Note(call);
    }

    private Errno Value(Span<byte> room, ref int byteCount, string call)
    {
        "value"u8[..Math.Min(5, room.Length)].CopyTo(room);
        byteCount = 5;
        return Note(call);
    }
}
