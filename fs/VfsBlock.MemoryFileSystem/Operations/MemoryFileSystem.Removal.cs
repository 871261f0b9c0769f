using VfsBlock.Fuse;
using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <content>Names that go.</content>
public sealed partial class MemoryFileSystem
{
    /// <inheritdoc/>
    public override Errno Unlink(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name)
    {
        using TreeLock.WriteScope scope = _tree.Write();
        if (FindEntry(parent, name, out DirectoryEntry? entry, out Errno error) is not { } directory)
        {
            return error;
        }

        if (entry!.Target is DirectoryInode)
        {
            return Errno.EISDIR;
        }

        Timestamp now = Timestamp.Now;
        directory.Remove(entry);
        directory.NamesChanged(now);
        Unlinked(entry.Target, now);
        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno RmDir(FuseRequest request, NodeId parent, ReadOnlySpan<byte> name)
    {
        using TreeLock.WriteScope scope = _tree.Write();
        if (FindEntry(parent, name, out DirectoryEntry? entry, out Errno error) is not { } directory)
        {
            return error;
        }

        if (entry!.Target is not DirectoryInode removed)
        {
            return Errno.ENOTDIR;
        }

        if (removed.Count != 0)
        {
            return Errno.ENOTEMPTY;
        }

        Timestamp now = Timestamp.Now;
        directory.Remove(entry);
        directory.NamesChanged(now, subdirectoryCount: -1);
        Unlinked(removed, now);
        return Errno.None;
    }

    private DirectoryInode? FindEntry(NodeId parent, ReadOnlySpan<byte> name, out DirectoryEntry? entry, out Errno error)
    {
        DirectoryInode? directory = Find<DirectoryInode>(parent, Errno.ENOTDIR, out error);
        entry = directory?.Find(name);
        if (directory is not null)
        {
            error = entry is not null ? Errno.None
                : name.Length > FuseProtocol.MaxNameBytes ? Errno.ENAMETOOLONG
                : Errno.ENOENT;
        }

        return entry is null ? null : directory;
    }

    /// <summary>
    /// A node lost a name; a directory, which has only one, also loses its own ".". The tree's write lock is held.
    /// </summary>
    private void Unlinked(Inode inode, Timestamp now)
    {
        inode.AddLinks(inode is DirectoryInode ? -2 : -1, now);
        DropIfUnreachable(inode);
    }
}
