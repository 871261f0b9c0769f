using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.Mounted.Tests;

/// <content>Names that come, go and move.</content>
internal sealed partial class ForgetProbe
{
    private const uint RenameNoReplace = 1;
    private const uint RenameExchange = 2;

    public override Errno Create(
        FuseRequest request, NodeId parent, in FuseCreateIn args, ReadOnlySpan<byte> name, ref FuseCreateOut reply) =>
        Make(parent, name, args.Mode, ref reply.Entry);

    public override Errno MkNod(
        FuseRequest request, NodeId parent, in FuseMknodIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
        Make(parent, name, args.Mode, ref reply);

    public override Errno MkDir(
        FuseRequest request, NodeId parent, in FuseMkdirIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply) =>
        Make(parent, name, DirectoryType | (args.Mode & ~TypeBits), ref reply);

    public override Errno SymLink(
        FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, ref FuseEntryOut reply) =>
        Make(parent, name, LinkType | 0x1ff, ref reply);

    public override Errno ReadLink(FuseRequest request, NodeId node, Span<byte> target, ref int byteCount)
    {
        target[0] = (byte)'.';
        byteCount = 1;
        return Errno.None;
    }

    public override Errno TmpFile(FuseRequest request, NodeId parent, in FuseCreateIn args, ref FuseCreateOut reply)
    {
        lock (_gate)
        {
            return Count(NewNode(args.Mode, linkCount: 0), ref reply.Entry);
        }
    }

    public override Errno Link(
        FuseRequest request, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, ref FuseEntryOut reply)
    {
        lock (_gate)
        {
            Node linked = _nodes[node.Value];
            if (!_nodes[newParent.Value].Names.TryAdd(Text(newName), new Entry(linked.Id, ++_lastCookie)))
            {
                return Errno.EEXIST;
            }

            linked.LinkCount++;
            return Count(linked, ref reply);
        }
    }

    public override Errno Unlink(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name) => Remove(parent, name);

    public override Errno RmDir(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name) => Remove(parent, name);

    public override Errno Rename(
        FuseRequest request,
        NodeId oldParent,
        ReadOnlySpan<byte> oldName,
        NodeId newParent,
        ReadOnlySpan<byte> newName,
        uint flags)
    {
        lock (_gate)
        {
            Dictionary<string, Entry> from = _nodes[oldParent.Value].Names;
            Dictionary<string, Entry> to = _nodes[newParent.Value].Names;
            if (!from.TryGetValue(Text(oldName), out Entry moved))
            {
                return Errno.ENOENT;
            }

            bool isThere = to.TryGetValue(Text(newName), out Entry replaced);
            if (flags == RenameExchange)
            {
                from[Text(oldName)] = replaced with { Cookie = ++_lastCookie };
                to[Text(newName)] = moved with { Cookie = ++_lastCookie };
                return isThere ? Errno.None : Errno.EIO;
            }

            if (isThere && flags == RenameNoReplace)
            {
                return Errno.EEXIST;
            }

            if (isThere)
            {
                _nodes[replaced.Node].LinkCount--;
            }

            from.Remove(Text(oldName));
            to[Text(newName)] = moved with { Cookie = ++_lastCookie };
            return Errno.None;
        }
    }

    private Errno Make(NodeId parent, ReadOnlySpan<byte> name, uint mode, ref FuseEntryOut reply)
    {
        lock (_gate)
        {
            Dictionary<string, Entry> names = _nodes[parent.Value].Names;
            if (names.ContainsKey(Text(name)))
            {
                return Errno.EEXIST;
            }

            Node made = NewNode(mode, linkCount: 1);
            names[Text(name)] = new Entry(made.Id, ++_lastCookie);
            return Count(made, ref reply);
        }
    }

    private Errno Remove(NodeId parent, ReadOnlySpan<byte> name)
    {
        lock (_gate)
        {
            Dictionary<string, Entry> names = _nodes[parent.Value].Names;
            if (!names.TryGetValue(Text(name), out Entry entry))
            {
                return Errno.ENOENT;
            }

            if (_nodes[entry.Node].Names.Count > 0)
            {
                return Errno.ENOTEMPTY;
            }

            names.Remove(Text(name));
            _nodes[entry.Node].LinkCount -= _nodes[entry.Node].LinkCount > 0 ? 1u : 0;
            return Errno.None;
        }
    }

    private Node NewNode(uint mode, uint linkCount)
    {
        var node = new Node { Id = (ulong)_nodes.Count + 1, Mode = mode, LinkCount = linkCount };
        _nodes[node.Id] = node;
        return node;
    }
}
