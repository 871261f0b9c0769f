using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <summary>A directory with one file of fixed length whose bytes are their own offsets. Nothing is cached.</summary>
internal class OneFileSystem : FuseFileSystem
{
    public const string FileName = "file";
    public const int FileBytes = 300_000;
    private const ulong FileNode = 2;
    private int _stoppedCount;
    private long _getAttrCount;

    public int StoppedCount => Volatile.Read(ref _stoppedCount);

    public long GetAttrCount => Interlocked.Read(ref _getAttrCount);

    public FuseAgreement? Agreement { get; private set; }

    /// <summary>Lookups of the file that the kernel has not taken back.</summary>
    public long LookupCount { get; private set; }

    /// <summary>For how long the kernel may believe attributes, in seconds.</summary>
    public ulong AttrSeconds { get; init; }

    /// <summary>The file's length as told.</summary>
    public long Length { get; set; } = FileBytes;

    public override void Started(FuseAgreement agreement) => Agreement = agreement;

    public override void Stopped() => Interlocked.Increment(ref _stoppedCount);

    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        if (parent != NodeId.Root || !name.SequenceEqual("file"u8))
        {
            return Errno.ENOENT;
        }

        lock (this)
        {
            LookupCount++;
        }

        reply.NodeId = FileNode;
        reply.AttrValidSeconds = AttrSeconds;
        reply.EntryValidSeconds = AttrSeconds;
        reply.Attr = Attributes(FileNode);
        return Errno.None;
    }

    public override void Forget(NodeId node, ulong lookupCount)
    {
        lock (this)
        {
            LookupCount -= (long)lookupCount;
        }
    }

    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        Interlocked.Increment(ref _getAttrCount);
        reply.AttrValidSeconds = AttrSeconds;
        reply.Attr = Attributes(node.Value);
        return Errno.None;
    }

    public override Errno ReadDirPlus(
        FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryPlusWriter entries)
    {
        if (args.Offset == 0)
        {
            entries.TryAdd("file"u8, FileNode, Attributes(FileNode).Mode, 1);
        }

        return Errno.None;
    }

    public override Errno ReadDir(FuseRequest request, NodeId node, in FuseReadIn args, ref FuseDirectoryWriter entries)
    {
        if (args.Offset == 0)
        {
            entries.TryAdd("file"u8, FileNode, Attributes(FileNode).Mode, 1);
        }

        return Errno.None;
    }

    public override Errno Read(
        FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        byteCount = Fill(data, (long)args.Offset, Length);
        return Errno.None;
    }

    /// <summary>Fills a span with the file's bytes; how many there are.</summary>
    protected static int Fill(Span<byte> data, long offset, long length)
    {
        int byteCount = (int)Math.Clamp(length - offset, 0, data.Length);
        for (int index = 0; index < byteCount; index++)
        {
            data[index] = (byte)(offset + index);
        }

        return byteCount;
    }

    private FuseAttr Attributes(ulong node) => new()
    {
        Inode = node,
        Mode = node == FileNode ? 0x81a4u : 0x41edu,
        LinkCount = 1,
        Size = node == FileNode ? (ulong)Length : 0,
        BlockSize = 4096,
    };
}
