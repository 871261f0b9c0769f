using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>
/// A file system that does nothing, on our transport: the twin of bench/native/null_server.c, with the same tree, the
/// same time-outs and the same operations answered with ENOSYS.
/// </summary>
/// <remarks>Has no state, so any thread may call anything.</remarks>
internal sealed class NullFileSystem : FuseFileSystem
{
    private const ulong FileNode = 2;
    private const ulong FileSizeBytes = 1UL << 30;
    private const ulong CacheForSeconds = 1_000_000;

    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        if (parent != NodeId.Root || !name.SequenceEqual("file"u8))
        {
            return Errno.ENOENT;
        }

        reply.NodeId = FileNode;
        reply.EntryValidSeconds = CacheForSeconds;
        reply.AttrValidSeconds = CacheForSeconds;
        return Fill(FileNode, ref reply.Attr);
    }

    public override Errno GetAttr(FuseRequest request, NodeId node, in FuseGetAttrIn args, ref FuseAttrOut reply)
    {
        reply.AttrValidSeconds = CacheForSeconds;
        return Fill(node.Value, ref reply.Attr);
    }

    public override Errno Read(FuseRequest request, NodeId node, in FuseReadIn args, Span<byte> data, ref int byteCount)
    {
        byteCount = data.Length;
        return Errno.None;
    }

    public override Errno Write(
        FuseRequest request, NodeId node, in FuseWriteIn args, ReadOnlySpan<byte> data, ref FuseWriteOut reply)
    {
        reply.Size = args.Size;
        return Errno.None;
    }

    // As libfuse answers where a file system has no attributes: the kernel then never asks again.
    public override Errno GetXattr(
        FuseRequest request, NodeId node, ReadOnlySpan<byte> name, Span<byte> value, ref int byteCount) => Errno.ENOSYS;

    private static Errno Fill(ulong node, ref FuseAttr attributes)
    {
        const uint directory = 0x4000, regular = 0x8000;
        attributes.Inode = node;
        attributes.BlockSize = 4096;
        if (node == NodeId.Root.Value)
        {
            attributes.Mode = directory | 0x1ed;
            attributes.LinkCount = 2;
            return Errno.None;
        }

        attributes.Mode = regular | 0x1b6;
        attributes.LinkCount = 1;
        attributes.Size = FileSizeBytes;
        attributes.Blocks = FileSizeBytes / 512;
        return node == FileNode ? Errno.None : Errno.ENOENT;
    }
}
