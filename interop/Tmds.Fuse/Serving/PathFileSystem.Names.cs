using Tmds.Linux;
using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace Tmds.Fuse;

/// <content>Looking names up, making and linking them.</content>
internal sealed partial class PathFileSystem
{
    /// <inheritdoc/>
    public override Errno Lookup(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            return LookupAround(parent, isParent: name.Length == 2, ref reply);
        }

        using PathHold hold = Hold(parent, name);
        Errno error = hold.Error != Errno.None ? hold.Error : Enter(hold, hold.Path, hold.Node!, default, ref reply);
        if (error == Errno.ENOENT && hold.Error == Errno.None && _options.NegativeTimeout > TimeSpan.Zero)
        {
            // Node id 0 with a time: the kernel may remember that there is no such name.
            (reply.EntryValidSeconds, reply.EntryValidNanoseconds) = KernelAttributes.Duration(_options.NegativeTimeout);
            return Errno.None;
        }

        return error;
    }

    /// <inheritdoc/>
    public override Errno ReadLink(FuseRequest request, NodeId node, Span<byte> target, ref int byteCount)
    {
        using PathHold hold = Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        // The API wants room for a NUL behind the longest target.
        Span<byte> text = stackalloc byte[target.Length + 2];
        text.Clear();
        Errno error = ErrorOf(_fileSystem.ReadLink(hold.Path, text[..^1]), Errno.EINVAL);
        text = text[..text.IndexOf((byte)0)];
        if (error != Errno.None || text.Length > target.Length)
        {
            return error != Errno.None ? error : Errno.ENAMETOOLONG;
        }

        text.CopyTo(target);
        byteCount = text.Length;
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno SymLink(
        FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, ref FuseEntryOut reply)
    {
        using PathHold hold = Hold(parent, name);
        return hold.Error != Errno.None
            ? hold.Error
            : EnterIfMade(hold, _fileSystem.SymLink(hold.Path, target), ref reply);
    }

    /// <inheritdoc/>
    public override Errno MkDir(
        FuseRequest request, NodeId parent, in FuseMkdirIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        using PathHold hold = Hold(parent, name);
        return hold.Error != Errno.None
            ? hold.Error
            : EnterIfMade(hold, _fileSystem.MkDir(hold.Path, (mode_t)args.Mode), ref reply);
    }

    /// <inheritdoc/>
    /// <remarks>The API has no such operation, but a regular file can be made by opening it.</remarks>
    public override Errno MkNod(
        FuseRequest request, NodeId parent, in FuseMknodIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        if (!LibC.S_ISREG((mode_t)args.Mode))
        {
            return Errno.EPERM;
        }

        using PathHold hold = Hold(parent, name);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        var file = new FuseFileInfo { flags = LibC.O_CREAT | LibC.O_EXCL | LibC.O_WRONLY };
        int result = _fileSystem.Create(hold.Path, (mode_t)args.Mode, ref file);
        if (result == 0)
        {
            _fileSystem.Release(hold.Path, ref file);
        }

        return EnterIfMade(hold, result, ref reply);
    }

    /// <inheritdoc/>
    public override Errno Link(
        FuseRequest request, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, ref FuseEntryOut reply)
    {
        using PathHold hold = _paths.Acquire(new PathClaim { Node = node, SecondParent = newParent, SecondName = newName });
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        Errno error = PlainErrorOf(_fileSystem.Link(hold.Path, hold.SecondPath), Errno.EPERM);
        return error == Errno.None ? Enter(hold, hold.SecondPath, hold.SecondParent!, default, ref reply) : error;
    }

    private Errno EnterIfMade(PathHold hold, int result, ref FuseEntryOut reply)
    {
        Errno error = PlainErrorOf(result, Errno.EPERM);
        return error == Errno.None ? Enter(hold, hold.Path, hold.Node!, default, ref reply) : error;
    }

    /// <summary>"." and ".." come from NFS and open_by_handle_at(2), which know a node by its id alone.</summary>
    private Errno LookupAround(NodeId node, bool isParent, ref FuseEntryOut reply)
    {
        using PathHold hold = Hold(node);
        if (hold.Error != Errno.None)
        {
            return hold.Error;
        }

        PathNode found = isParent ? hold.Node!.Parent ?? hold.Node : hold.Node!;
        ReadOnlySpan<byte> path = hold.Path;
        if (isParent)
        {
            path = path[..Math.Max(path.LastIndexOf((byte)'/'), 1)];
        }

        Errno error = ReadAttributes(hold, path, new NodeId(found.Id), default, ref reply.Attr);
        if (error == Errno.None)
        {
            Fill(_paths.CountLookup(found), ref reply);
        }

        return error;
    }
}
