using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// What an operation sees of a volume while the lock is held. Each method that answers a bool says whether to go on: on false, <see cref="Error"/> holds
/// the reason, so that operations read as one chain of conditions.
/// </summary>
/// <remarks>Lives on the stack, no longer than the lock is held. Spans it gives lie in nodes: valid until the tree is changed.</remarks>
internal ref partial struct VolumeView(VolumeCore core)
{
    private readonly VolumeCore _core = core;
    private NodePointer _cold;

    /// <summary>Why the operation cannot go on.</summary>
    public Errno Error { get; private set; }

    /// <summary>The node that it needs and that is not in memory; none if that is not the reason.</summary>
    public readonly NodePointer Cold => _cold;

    /// <summary>The volume's fixed parts.</summary>
    public readonly VolumeCore Core => _core;

    /// <summary>Ends the operation.</summary>
    /// <returns>False.</returns>
    public bool Fail(Errno error)
    {
        Error = error;
        return false;
    }

    /// <summary>Ends the operation because of what an item holds.</summary>
    /// <returns>False.</returns>
    public bool FailDamaged(InodeNumber inode)
    {
        _core.Damaged(inode);
        return Fail(Errno.EIO);
    }

    /// <summary>Goes on, unless the tree could not answer.</summary>
    public bool Check(TreeStatus status, in NodePointer cold)
    {
        if (status is TreeStatus.Ok or TreeStatus.NotFound)
        {
            return true;
        }

        if (status == TreeStatus.Damaged)
        {
            _core.Damaged(InodeNumber.None);
            return Fail(Errno.EIO);
        }

        _cold = cold;
        return Fail(Errno.EAGAIN);
    }

    /// <summary>Looks an item of the file tree up.</summary>
    public bool Find(TreeKey key, out bool exists, out ReadOnlySpan<byte> value)
    {
        TreeStatus status = _core.Files.Find(key, out value, out NodePointer cold);
        exists = status == TreeStatus.Ok;
        return Check(status, cold);
    }

    /// <summary>The first item of an inode and type whose sub key is not below <paramref name="fromSub"/>.</summary>
    public bool FindNext(InodeNumber inode, ItemType type, ulong fromSub, out bool exists, out TreeItem item)
    {
        TreeKey from = FileKey.Of(inode, type, fromSub);
        TreeStatus status = _core.Files.FindCeiling(from, out item, out NodePointer cold);
        exists = status == TreeStatus.Ok && item.Key.High == from.High && item.Key.Type() == type;
        return Check(status, cold);
    }

    /// <summary>The attributes of an inode; ESTALE if there is none.</summary>
    public bool FindInode(InodeNumber number, out InodeItem inode)
    {
        inode = default;
        if (!Find(FileKey.Of(number, ItemType.Inode), out bool exists, out ReadOnlySpan<byte> value))
        {
            return false;
        }

        if (!exists)
        {
            return Fail(Errno.ESTALE);
        }

        return InodeItem.TryRead(value, out inode) || FailDamaged(number);
    }

    /// <summary>The attributes of a directory; ESTALE if there is no such inode, ENOTDIR if it is something else.</summary>
    public bool FindDirectory(InodeNumber number, out InodeItem inode) =>
        FindInode(number, out inode) && (inode.IsDirectory || Fail(Errno.ENOTDIR));

    /// <summary>The attributes of an inode that an item names: if there is none of that type, the image is damaged.</summary>
    public bool FindNamedInode(InodeNumber number, InodeType type, out InodeItem inode)
    {
        if (!FindInode(number, out inode))
        {
            return Error == Errno.ESTALE ? FailDamaged(number) : false;
        }

        return inode.Type == type || FailDamaged(number);
    }
}
