using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>Names that move.</content>
public sealed partial class MemoryFileSystem
{
    // The flags of renameat2(2).
    private const uint RenameNoReplace = 1;
    private const uint RenameExchange = 2;
    private const uint RenameWhiteout = 4;

    /// <inheritdoc/>
    public override Errno Rename(
        FuseRequest request,
        NodeId oldParent,
        ReadOnlySpan<byte> oldName,
        NodeId newParent,
        ReadOnlySpan<byte> newName,
        uint flags)
    {
        if (flags > (RenameNoReplace | RenameWhiteout) || ((flags & RenameExchange) != 0 && flags != RenameExchange))
        {
            return Errno.EINVAL;
        }

        if (newName.Length > FuseProtocol.MaxNameBytes)
        {
            return Errno.ENAMETOOLONG;
        }

        using TreeLock.WriteScope scope = _tree.Write();
        if (FindEntry(oldParent, oldName, out DirectoryEntry? source, out Errno error) is not { } from)
        {
            return error;
        }

        if (Find<DirectoryInode>(newParent, Errno.ENOTDIR, out error) is not { } to)
        {
            return error;
        }

        DirectoryEntry? target = to.Find(newName);
        Errno refused = (flags & RenameExchange) != 0
            ? CheckExchange(from, source!, to, target) : CheckMove(from, source!, to, target, flags);

        // Two names of one node: both stay (rename(2)).
        if (refused != Errno.None || source!.Target == target?.Target)
        {
            return refused;
        }

        Timestamp now = Timestamp.Now;
        if ((flags & RenameExchange) != 0)
        {
            Exchange(from, source, to, target!, now);
            return Errno.None;
        }

        Move(from, source, to, target, newName, now);
        if ((flags & RenameWhiteout) != 0)
        {
            // What overlayfs puts where a name was: the character device 0:0.
            FuseAttr attributes = NewAttributes(request, from, ModeBits.CharacterDevice, deviceId: 0);
            Attach(from, oldName, new Inode(new NodeId(attributes.Inode), attributes));
        }

        return Errno.None;
    }

    private Errno CheckMove(
        DirectoryInode from, DirectoryEntry source, DirectoryInode to, DirectoryEntry? target, uint flags)
    {
        if (target is not null && (flags & RenameNoReplace) != 0)
        {
            return Errno.EEXIST;
        }

        if (to.IsRemoved)
        {
            return Errno.ENOENT;
        }

        if ((flags & RenameWhiteout) != 0 && NodeCount >= _options.NodeLimit)
        {
            return Errno.ENOSPC;
        }

        if (source.Target is not DirectoryInode moved)
        {
            return target?.Target is DirectoryInode ? Errno.EISDIR : Errno.None;
        }

        return to.IsWithin(moved) ? Errno.EINVAL
            : target is null ? (to != from && to.Attributes.LinkCount >= _options.LinkLimit ? Errno.EMLINK : Errno.None)
            : target.Target is not DirectoryInode replaced ? Errno.ENOTDIR
            : replaced.Count != 0 && replaced != moved ? Errno.ENOTEMPTY
            : Errno.None;
    }

    private Errno CheckExchange(
        DirectoryInode from, DirectoryEntry source, DirectoryInode to, DirectoryEntry? target)
    {
        if (target is null)
        {
            return Errno.ENOENT;
        }

        bool intoItself = (source.Target is DirectoryInode moved && to.IsWithin(moved))
            || (target.Target is DirectoryInode met && from.IsWithin(met));
        if (intoItself)
        {
            return Errno.EINVAL;
        }

        // Each directory's ".." is a link to its parent: one parent gains a link if only one of the two is a directory.
        bool isSourceDirectory = source.Target is DirectoryInode;
        bool gains = from != to && isSourceDirectory != target.Target is DirectoryInode;
        DirectoryInode gaining = isSourceDirectory ? to : from;
        return gains && gaining.Attributes.LinkCount >= _options.LinkLimit ? Errno.EMLINK : Errno.None;
    }

    private void Move(
        DirectoryInode from,
        DirectoryEntry source,
        DirectoryInode to,
        DirectoryEntry? target,
        ReadOnlySpan<byte> newName,
        Timestamp now)
    {
        Inode moved = source.Target;
        Inode? replaced = target?.Target;
        from.Remove(source);
        if (target is null)
        {
            to.Add(newName, moved);
        }
        else
        {
            target.Target = moved;
        }

        int directoryCount = moved is DirectoryInode ? 1 : 0;
        from.NamesChanged(now, -directoryCount);
        to.NamesChanged(now, directoryCount - (replaced is DirectoryInode ? 1 : 0));
        Moved(moved, to, now);
        if (replaced is not null)
        {
            Unlinked(replaced, now);
        }
    }

    private static void Exchange(
        DirectoryInode from, DirectoryEntry source, DirectoryInode to, DirectoryEntry target, Timestamp now)
    {
        (source.Target, target.Target) = (target.Target, source.Target);
        int difference = (source.Target is DirectoryInode ? 1 : 0) - (target.Target is DirectoryInode ? 1 : 0);
        from.NamesChanged(now, difference);
        to.NamesChanged(now, -difference);
        Moved(source.Target, from, now);
        Moved(target.Target, to, now);
    }

    private static void Moved(Inode inode, DirectoryInode to, Timestamp now)
    {
        inode.SetCtime(now);
        if (inode is DirectoryInode directory)
        {
            directory.Parent = to;
        }
    }
}
