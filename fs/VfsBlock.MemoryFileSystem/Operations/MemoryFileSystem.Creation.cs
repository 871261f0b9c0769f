using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>New nodes and new names.</content>
public sealed partial class MemoryFileSystem
{
    // O_EXCL and O_TRUNC of open(2) on x86-64 and arm64.
    private const uint OpenExclusive = 0x80;
    private const uint OpenTruncate = 0x200;

    /// <inheritdoc/>
    public override Errno MkNod(
        FuseRequest request, NodeId parent, in FuseMknodIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        using TreeLock.WriteScope scope = _tree.Write();
        if (FindPlaceForNew(parent, name, out Errno error) is not { } directory)
        {
            return error;
        }

        FuseAttr attributes = NewAttributes(request, directory, args.Mode, args.DeviceId);
        Inode inode;
        switch (args.Mode & ModeBits.TypeMask)
        {
            case ModeBits.Regular:
                inode = new FileInode(new NodeId(attributes.Inode), attributes, _pool);
                break;
            case ModeBits.CharacterDevice or ModeBits.BlockDevice or ModeBits.Fifo or ModeBits.Socket:
                inode = new Inode(new NodeId(attributes.Inode), attributes);
                break;
            default:
                return Errno.EINVAL;
        }

        Attach(directory, name, inode);
        return Reply(inode, ref reply);
    }

    /// <inheritdoc/>
    public override Errno MkDir(
        FuseRequest request, NodeId parent, in FuseMkdirIn args, ReadOnlySpan<byte> name, ref FuseEntryOut reply)
    {
        using TreeLock.WriteScope scope = _tree.Write();
        if (FindPlaceForNew(parent, name, out Errno error) is not { } directory)
        {
            return error;
        }

        if (directory.Attributes.LinkCount >= _options.LinkLimit)
        {
            return Errno.EMLINK;
        }

        uint permissions = args.Mode & ModeBits.PermissionMask;
        FuseAttr attributes = NewAttributes(request, directory, ModeBits.Directory | permissions, deviceId: 0);
        attributes.LinkCount = 2;
        attributes.Mode |= directory.Attributes.Mode & ModeBits.SetGroupId;
        var inode = new DirectoryInode(new NodeId(attributes.Inode), attributes, directory);
        Attach(directory, name, inode);
        return Reply(inode, ref reply);
    }

    /// <inheritdoc/>
    public override Errno SymLink(
        FuseRequest request, NodeId parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, ref FuseEntryOut reply)
    {
        if (target.Length > FuseProtocol.MaxLinkTargetBytes)
        {
            return Errno.ENAMETOOLONG;
        }

        using TreeLock.WriteScope scope = _tree.Write();
        if (FindPlaceForNew(parent, name, out Errno error) is not { } directory)
        {
            return error;
        }

        FuseAttr attributes = NewAttributes(request, directory, ModeBits.SymbolicLink | 0x1FF, deviceId: 0);
        attributes.Size = (ulong)target.Length;
        var inode = new SymbolicLinkInode(new NodeId(attributes.Inode), attributes, target.ToArray());
        Attach(directory, name, inode);
        return Reply(inode, ref reply);
    }

    /// <inheritdoc/>
    public override Errno Create(
        FuseRequest request, NodeId parent, in FuseCreateIn args, ReadOnlySpan<byte> name, ref FuseCreateOut reply)
    {
        using TreeLock.WriteScope scope = _tree.Write();
        if (FindPlaceForNew(parent, name, out Errno error) is not { } directory)
        {
            bool mayExist = error == Errno.EEXIST && (args.Flags & OpenExclusive) == 0;
            return mayExist ? OpenExisting(parent, args, name, ref reply) : error;
        }

        FileInode inode = NewFile(request, directory, args.Mode);
        Attach(directory, name, inode);
        return Reply(inode, ref reply);
    }

    /// <inheritdoc/>
    public override Errno TmpFile(FuseRequest request, NodeId parent, in FuseCreateIn args, ref FuseCreateOut reply)
    {
        using TreeLock.WriteScope scope = _tree.Write();
        if (Find<DirectoryInode>(parent, Errno.ENOTDIR, out Errno error) is not { } directory)
        {
            return error;
        }

        if (NodeCount >= _options.NodeLimit)
        {
            return Errno.ENOSPC;
        }

        FileInode inode = NewFile(request, directory, args.Mode);
        inode.AddLinks(-1, inode.BirthTime);
        AddNode(inode);
        return Reply(inode, ref reply);
    }

    /// <inheritdoc/>
    public override Errno Link(
        FuseRequest request, NodeId node, NodeId newParent, ReadOnlySpan<byte> newName, ref FuseEntryOut reply)
    {
        using TreeLock.WriteScope scope = _tree.Write();
        if (Find<Inode>(node, Errno.None, out Errno stale) is not { } inode)
        {
            return stale;
        }

        if (inode is DirectoryInode)
        {
            return Errno.EPERM;
        }

        if (FindPlaceForNew(newParent, newName, out Errno error, newNodeCount: 0) is not { } directory)
        {
            return error;
        }

        if (inode.Attributes.LinkCount >= _options.LinkLimit)
        {
            return Errno.EMLINK;
        }

        Timestamp now = Timestamp.Now;
        directory.Add(newName, inode);
        inode.AddLinks(1, now);
        directory.NamesChanged(now);
        return Reply(inode, ref reply);
    }

    /// <summary>The directory, if a new name can be added to it. The tree's write lock is held.</summary>
    private DirectoryInode? FindPlaceForNew(
        NodeId parent, ReadOnlySpan<byte> name, out Errno error, int newNodeCount = 1)
    {
        DirectoryInode? directory = Find<DirectoryInode>(parent, Errno.ENOTDIR, out error);
        if (directory is null)
        {
            return null;
        }

        error = name.Length > FuseProtocol.MaxNameBytes ? Errno.ENAMETOOLONG
            : directory.IsRemoved ? Errno.ENOENT
            : directory.Find(name) is not null ? Errno.EEXIST
            : NodeCount + newNodeCount > _options.NodeLimit ? Errno.ENOSPC
            : Errno.None;
        return error == Errno.None ? directory : null;
    }

    /// <summary>The attributes of a new node with one name, owned by the caller and by the directory's rules.</summary>
    private FuseAttr NewAttributes(FuseRequest request, DirectoryInode directory, uint mode, uint deviceId)
    {
        FuseAttr attributes = default;
        attributes.Inode = ++_lastNodeId;
        attributes.Mode = mode & (ModeBits.TypeMask | ModeBits.PermissionMask);
        attributes.LinkCount = 1;
        attributes.Uid = request.UserId;
        FuseAttr above = directory.Attributes;
        attributes.Gid = (above.Mode & ModeBits.SetGroupId) != 0 ? above.Gid : request.GroupId;
        attributes.DeviceId = deviceId;
        attributes.BlockSize = PagePool.PageBytes;
        attributes.SetChanged(Timestamp.Now);
        attributes.SetAtime(attributes.Mtime());
        return attributes;
    }

    private FileInode NewFile(FuseRequest request, DirectoryInode directory, uint mode)
    {
        uint permissions = mode & ModeBits.PermissionMask;
        FuseAttr attributes = NewAttributes(request, directory, ModeBits.Regular | permissions, deviceId: 0);
        return new FileInode(new NodeId(attributes.Inode), attributes, _pool);
    }

    /// <summary>Gives a new node its first name. The tree's write lock is held.</summary>
    private void Attach(DirectoryInode directory, ReadOnlySpan<byte> name, Inode inode)
    {
        AddNode(inode);
        directory.Add(name, inode);
        directory.NamesChanged(inode.BirthTime, inode is DirectoryInode ? 1 : 0);
    }

    /// <summary>Somebody made the name after the kernel had seen that there was none: open(2) without O_EXCL opens it.</summary>
    private Errno OpenExisting(NodeId parent, in FuseCreateIn args, ReadOnlySpan<byte> name, ref FuseCreateOut reply)
    {
        if (Find<DirectoryInode>(parent, Errno.ENOTDIR, out _)?.Find(name)?.Target is not FileInode file)
        {
            return Errno.EEXIST;
        }

        if ((args.Flags & OpenTruncate) != 0)
        {
            lock (file.Lock)
            {
                FuseAttr attributes = file.Attributes;
                file.Resize(ref attributes, 0, Timestamp.Now);
                file.WriteAttributes(attributes);
            }
        }

        return Reply(file, ref reply);
    }

    private static Errno Reply(FileInode inode, ref FuseCreateOut reply)
    {
        // Without this the kernel would drop what it caches of the file at this open.
        reply.Open.OpenFlags = FuseOpenFlags.KeepCache;
        return Reply((Inode)inode, ref reply.Entry);
    }
}
