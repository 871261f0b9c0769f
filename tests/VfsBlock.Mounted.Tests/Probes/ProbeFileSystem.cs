using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// A directory with one file in memory. Counts what the kernel asks, and lets it cache as long as told: not at all unless
/// told. The probes derive from it. Any thread may use it; the lock guards the file's bytes.
/// </summary>
internal class ProbeFileSystem : FuseFileSystem
{
    public const string FileName = "file";
    public const int CapacityBytes = 4 << 20;
    public static readonly NodeId FileNode = new(2);
    private const uint OpenTruncates = 0x200;
    private readonly long[] _counts = new long[128];
    private readonly byte[] _bytes = new byte[CapacityBytes];
    private readonly Lock _gate = new();
    private long _lengthBytes;

    /// <summary>Starts with a file of one page.</summary>
    public ProbeFileSystem() => SetContent(Pattern(4096));

    /// <summary>Whether OPEN is answered, with <see cref="OpenFlags"/>.</summary>
    public bool IsOpenServed { get; init; }

    public FuseOpenFlags OpenFlags { get; init; }

    /// <summary>For how long the kernel may believe names, attributes and absences.</summary>
    public ulong EntrySeconds { get; init; }

    public ulong AttrSeconds { get; init; }

    public ulong AbsenceSeconds { get; init; }

    /// <summary>Whether the file is there. Behind the kernel's back.</summary>
    public bool IsFileGone { get; set; }

    public override bool ServesOpen => IsOpenServed;

    public long LengthBytes => Interlocked.Read(ref _lengthBytes);

    /// <summary>Bytes that differ from their neighbours on every page.</summary>
    public static byte[] Pattern(int lengthBytes, int seed = 0)
    {
        byte[] bytes = new byte[lengthBytes];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>How often the kernel asked for that.</summary>
    public long Count(FuseOpcode opcode) => Interlocked.Read(ref _counts[(int)opcode]);

    /// <summary>Replaces what is in the file, behind the kernel's back.</summary>
    public void SetContent(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _bytes.AsSpan().Clear();
            bytes.CopyTo(_bytes);
            Interlocked.Exchange(ref _lengthBytes, bytes.Length);
        }
    }

    /// <summary>What is in the file.</summary>
    public byte[] Content()
    {
        lock (_gate)
        {
            return _bytes[..(int)_lengthBytes];
        }
    }

    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        Note(request);
        if (parent != NodeId.Root || IsFileGone || !name.SequenceEqual("file"u8))
        {
            reply.EntryValidSeconds = AbsenceSeconds;
            return AbsenceSeconds > 0 ? Errno.None : Errno.ENOENT;
        }

        reply.NodeId = FileNode.Value;
        reply.EntryValidSeconds = EntrySeconds;
        reply.AttrValidSeconds = AttrSeconds;
        reply.Attr = Attributes(FileNode);
        return Errno.None;
    }

    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        Note(request);
        reply.AttrValidSeconds = AttrSeconds;
        reply.Attr = Attributes(node);
        return Errno.None;
    }

    public override Errno SetAttr(FuseRequest request, NodeId node, in FuseSetAttrIn args, ref FuseAttrOut reply)
    {
        Note(request);
        // Not HasFlag, which allocates until the runtime has optimised this method: on a busy machine that takes its time.
        if (node == FileNode && (args.Valid & FuseSetAttrValid.Size) != 0)
        {
            Resize((long)args.Size);
        }

        reply.AttrValidSeconds = AttrSeconds;
        reply.Attr = Attributes(node);
        return Errno.None;
    }

    public override Errno Open(FuseRequest request, NodeId node, in FuseOpenIn args, ref FuseOpenOut reply)
    {
        Note(request);
        if ((args.Flags & OpenTruncates) != 0)
        {
            Resize(0);
        }

        reply.OpenFlags = OpenFlags;
        return Errno.None;
    }

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        Note(request);
        byteCount = CopyTo(data, (long)args.Offset);
        return Errno.None;
    }

    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        Note(request);
        if (args.Offset + (ulong)data.Length > CapacityBytes)
        {
            return Errno.ENOSPC;
        }

        lock (_gate)
        {
            data.CopyTo(_bytes.AsSpan((int)args.Offset));
            Interlocked.Exchange(ref _lengthBytes, Math.Max(_lengthBytes, (long)args.Offset + data.Length));
        }

        reply.Size = (uint)data.Length;
        return Errno.None;
    }

    /// <summary>Counts a request.</summary>
    protected void Note(FuseRequest request) => Interlocked.Increment(ref _counts[(int)request.Opcode]);

    /// <summary>Copies what the file has from <paramref name="offset"/> on; how many bytes that were.</summary>
    protected int CopyTo(Span<byte> data, long offset)
    {
        lock (_gate)
        {
            int byteCount = (int)Math.Clamp(_lengthBytes - offset, 0, data.Length);
            _bytes.AsSpan((int)Math.Min(offset, CapacityBytes), byteCount).CopyTo(data);
            return byteCount;
        }
    }

    private void Resize(long lengthBytes)
    {
        lock (_gate)
        {
            _bytes.AsSpan((int)lengthBytes).Clear();
            Interlocked.Exchange(ref _lengthBytes, lengthBytes);
        }
    }

    private FuseAttr Attributes(NodeId node) => new()
    {
        Inode = node.Value,
        Mode = node == FileNode ? 0x81b6u : 0x41ffu,
        LinkCount = 1,
        Size = node == FileNode ? (ulong)LengthBytes : 0,
        BlockSize = 4096,
    };
}
