using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <content>Operations on names.</content>
public sealed partial class ModelVolume
{
    /// <summary>As <see cref="Volume.Lookup"/>.</summary>
    public Errno Lookup(InodeNumber directory, ReadOnlySpan<byte> name, out InodeNumber found, bool hold = false)
    {
        found = default;
        if (name.Length > VolumeLimits.MaxNameBytes)
        {
            return Errno.ENAMETOOLONG;
        }

        Errno error;
        ModelInode? child;
        if (name.SequenceEqual("."u8))
        {
            child = Find(directory, out error);
        }
        else if (name.SequenceEqual(".."u8))
        {
            child = FindDirectory(directory, out error) is { } inode ? Find(inode.Parent, out error) : null;
        }
        else
        {
            child = FindChild(directory, name, out ModelInode named, out error) is null ? null : named;
        }

        found = child?.Number ?? default;
        if (child is not null && hold)
        {
            child.HoldCount++;
        }

        return error;
    }

    /// <summary>As <see cref="Volume.Create(InodeNumber, ReadOnlySpan{byte}, uint, Credentials, out InodeEntry, bool)"/> and its kin.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">What.</param>
    /// <param name="type">What it is.</param>
    /// <param name="permissions">Its permissions.</param>
    /// <param name="owner">Who makes it.</param>
    /// <param name="created">The new inode.</param>
    /// <param name="hold">True to hold it.</param>
    /// <param name="device">Of a device.</param>
    /// <param name="target">Of a symbolic link.</param>
    public Errno Create(
        InodeNumber directory,
        ReadOnlySpan<byte> name,
        InodeType type,
        uint permissions,
        Credentials owner,
        out InodeNumber created,
        bool hold = false,
        ulong device = 0,
        ReadOnlySpan<byte> target = default)
    {
        created = default;
        if (FindPlace(directory, name, out Errno error) is not { } parent)
        {
            return error;
        }

        ModelInode inode = AddIn(parent, type, permissions, owner);
        InodeItem attributes = inode.Attributes;
        attributes.Device = device;
        attributes.SizeBytes = (ulong)target.Length;
        inode.Attributes = attributes;
        Inherit(parent, inode);
        inode.Target = target.ToArray();
        inode.HoldCount = hold ? 1U : 0U;
        inode.Parent = inode.IsDirectory ? directory : default;
        parent.Names.Add(Key(name), inode.Number);
        parent.NamesChanged(Now, inode.IsDirectory ? 1 : 0);
        created = inode.Number;
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.TemporaryFile"/>.</summary>
    public Errno TemporaryFile(InodeNumber directory, uint permissions, Credentials owner, out InodeNumber created)
    {
        created = default;
        if (FindDirectory(directory, out Errno error) is not { } parent)
        {
            return error;
        }

        if (parent.Attributes.LinkCount == 0 || !IsMutable(parent))
        {
            return parent.Attributes.LinkCount == 0 ? Errno.ENOENT : Errno.EPERM;
        }

        ModelInode inode = AddIn(parent, InodeType.Regular, permissions, owner);
        Inherit(parent, inode);
        inode.Change(Now, -1);
        inode.HoldCount = 1;
        inode.IsTemporary = true;
        created = inode.Number;
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.Link"/>.</summary>
    public Errno Link(InodeNumber number, InodeNumber directory, ReadOnlySpan<byte> name, bool hold = false)
    {
        if (Find(number, out Errno error) is not { } inode)
        {
            return error;
        }

        if (inode.IsDirectory)
        {
            return Errno.EPERM;
        }

        if (FindPlace(directory, name, out error) is not { } parent)
        {
            return error;
        }

        if (inode.Attributes.LinkCount == 0 && !inode.IsTemporary)
        {
            return Errno.ENOENT;
        }

        if (!IsFree(inode))
        {
            return Errno.EPERM;
        }

        parent.Names.Add(Key(name), number);
        parent.NamesChanged(Now);
        inode.Change(Now, 1);
        inode.IsTemporary = false;
        inode.HoldCount += hold ? 1U : 0U;
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.Unlink"/>.</summary>
    public Errno Unlink(InodeNumber directory, ReadOnlySpan<byte> name)
    {
        if (FindChild(directory, name, out ModelInode child, out Errno error) is not { } parent)
        {
            return error;
        }

        if (child.IsDirectory)
        {
            return Errno.EISDIR;
        }

        if (!MayLeave(parent, child))
        {
            return Errno.EPERM;
        }

        parent.Names.Remove(Key(name));
        parent.NamesChanged(Now);
        DropLink(child);
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.RemoveDirectory"/>.</summary>
    public Errno RemoveDirectory(InodeNumber directory, ReadOnlySpan<byte> name)
    {
        if (FindChild(directory, name, out ModelInode child, out Errno error) is not { } parent)
        {
            return error;
        }

        if (!child.IsDirectory)
        {
            return Errno.ENOTDIR;
        }

        if (!MayLeave(parent, child) || child.Names.Count > 0)
        {
            return MayLeave(parent, child) ? Errno.ENOTEMPTY : Errno.EPERM;
        }

        parent.Names.Remove(Key(name));
        parent.NamesChanged(Now, -1);
        DropLink(child);
        return Errno.None;
    }

    private ModelInode? FindPlace(InodeNumber number, ReadOnlySpan<byte> name, out Errno error)
    {
        ModelInode? directory = FindDirectory(number, out error);
        if (directory is null)
        {
            return null;
        }

        error = name.Length > VolumeLimits.MaxNameBytes ? Errno.ENAMETOOLONG
            : directory.Attributes.LinkCount == 0 ? Errno.ENOENT
            : directory.Names.ContainsKey(Key(name)) ? Errno.EEXIST
            : !IsMutable(directory) ? Errno.EPERM
            : Errno.None;
        return error == Errno.None ? directory : null;
    }

    private ModelInode AddIn(ModelInode directory, InodeType type, uint permissions, Credentials owner)
    {
        const uint SetGroupId = 0x400;
        bool inherits = (directory.Attributes.Mode & SetGroupId) != 0;
        uint mode = inherits && type == InodeType.Directory ? permissions | SetGroupId : permissions;
        ModelInode inode = Add(type, mode, inherits ? owner with { GroupId = directory.Attributes.GroupId } : owner);
        InodeItem attributes = inode.Attributes;
        attributes.Flags = directory.Attributes.Flags & (uint)(InodeFlags.NoDump | InodeFlags.NoAccessTime);
        inode.Attributes = attributes;
        return inode;
    }
}
