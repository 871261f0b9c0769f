using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <content>Names that move.</content>
public sealed partial class ModelVolume
{
    /// <summary>As <see cref="Volume.Rename"/>.</summary>
    public Errno Rename(
        InodeNumber oldDirectory,
        ReadOnlySpan<byte> oldName,
        InodeNumber newDirectory,
        ReadOnlySpan<byte> newName,
        RenameFlags flags = RenameFlags.None,
        Credentials owner = default)
    {
        if (FindChild(oldDirectory, oldName, out ModelInode moved, out Errno error) is not { } from
            || FindDirectory(newDirectory, out error) is not { } to)
        {
            return error;
        }

        if (newName.Length > VolumeLimits.MaxNameBytes)
        {
            return Errno.ENAMETOOLONG;
        }

        if (!MayLeave(from, moved) || !IsMutable(to))
        {
            return Errno.EPERM;
        }

        ModelInode? target = to.Names.TryGetValue(Key(newName), out InodeNumber number) ? _inodes[number] : null;
        error = (flags & RenameFlags.Exchange) != 0 ? CheckExchange(from, moved, to, target) : CheckMove(moved, to, target, flags);
        if (error != Errno.None || target == moved)
        {
            return error;
        }

        from.Names.Remove(Key(oldName));
        to.Names[Key(newName)] = moved.Number;
        from.NamesChanged(Now, moved.IsDirectory ? -1 : 0);
        to.NamesChanged(Now, (moved.IsDirectory ? 1 : 0) - (target is { IsDirectory: true } ? 1 : 0));
        Moved(moved, to);
        if ((flags & RenameFlags.Exchange) != 0)
        {
            from.Names.Add(Key(oldName), target!.Number);
            from.NamesChanged(Now, target.IsDirectory ? 1 : 0);
            Moved(target, from);
        }
        else if (target is not null)
        {
            DropLink(target);
        }

        return (flags & RenameFlags.Whiteout) != 0
            ? LeaveWhiteout(from, oldName, owner) : Errno.None;
    }

    private Errno CheckMove(ModelInode moved, ModelInode to, ModelInode? target, RenameFlags flags)
    {
        if (target is not null && (flags & RenameFlags.NoReplace) != 0)
        {
            return Errno.EEXIST;
        }

        return target == moved ? Errno.None
            : to.Attributes.LinkCount == 0 ? Errno.ENOENT
            : moved.IsDirectory && IsWithin(to, moved) ? Errno.EINVAL
            : target is null ? Errno.None
            : target.IsDirectory != moved.IsDirectory ? (target.IsDirectory ? Errno.EISDIR : Errno.ENOTDIR)
            : !MayLeave(to, target) ? Errno.EPERM
            : target.IsDirectory && target.Names.Count > 0 ? Errno.ENOTEMPTY
            : Errno.None;
    }

    private Errno CheckExchange(ModelInode from, ModelInode moved, ModelInode to, ModelInode? target)
    {
        if (target is null)
        {
            return Errno.ENOENT;
        }

        bool isInvalid = target != moved && ((moved.IsDirectory && IsWithin(to, moved)) || (target.IsDirectory && IsWithin(from, target)));
        return isInvalid ? Errno.EINVAL : target != moved && !MayLeave(to, target) ? Errno.EPERM : Errno.None;
    }

    private Errno LeaveWhiteout(ModelInode from, ReadOnlySpan<byte> name, Credentials owner)
    {
        ModelInode whiteout = AddIn(from, InodeType.CharacterDevice, 0, owner);
        from.Names.Add(Key(name), whiteout.Number);
        return Errno.None;
    }

    private void Moved(ModelInode inode, ModelInode directory)
    {
        inode.Change(Now);
        inode.Parent = inode.IsDirectory ? directory.Number : default;
    }

    private bool IsWithin(ModelInode directory, ModelInode other)
    {
        while (directory != other && !directory.Parent.IsNone && directory.Parent != directory.Number)
        {
            directory = _inodes[directory.Parent];
        }

        return directory == other;
    }
}
