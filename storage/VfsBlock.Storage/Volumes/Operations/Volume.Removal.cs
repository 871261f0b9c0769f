using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Names that go, and inodes that go with them.</content>
public sealed partial class Volume
{
    /// <summary>Removes a name that is not a directory's. The inode goes when it has no other name and nobody holds it.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">What.</param>
    /// <returns>ENOENT, ENOTDIR, ENAMETOOLONG; EISDIR if it is a directory; EPERM if it or the directory is immutable or append-only.</returns>
    public Errno Unlink(InodeNumber directory, ReadOnlySpan<byte> name) =>
        Remove(new Removal { Directory = directory, Name = name, IsDirectory = false });

    /// <summary>Removes an empty directory.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">What.</param>
    /// <returns>ENOENT, ENAMETOOLONG; ENOTDIR if it is something else; ENOTEMPTY; EPERM as for <see cref="Unlink"/>.</returns>
    public Errno RemoveDirectory(InodeNumber directory, ReadOnlySpan<byte> name) =>
        Remove(new Removal { Directory = directory, Name = name, IsDirectory = true });

    private Errno Remove(Removal removal)
    {
        Errno error = _core.Change(ref removal, ChangeRight.Deleting);
        return error == Errno.None && removal.LeavesUnused ? BeginDeletion(removal.Child) : error;
    }

    private ref struct Removal : IVolumeChange
    {
        public InodeNumber Directory;
        public ReadOnlySpan<byte> Name;
        public bool IsDirectory;
        private InodeItem _directory;
        private NameSlot _name;
        private InodeItem _child;
        private NameRemoval _removal;

        public readonly InodeNumber Child => _name.Child;

        public readonly bool LeavesUnused => _removal.IsUnused;

        public bool Prepare(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            return view.FindExistingName(Directory, Name, out _directory, out _name)
                && (_name.IsDirectory == IsDirectory || view.Fail(IsDirectory ? Errno.ENOTDIR : Errno.EISDIR))
                && view.FindNamedInode(Child, _name.Type, out _child)
                && view.RequireDeletable(in _directory, in _child)
                && (!IsDirectory || view.RequireEmpty(Child))
                && (!IsDirectory || _directory.LinkCount > 2 || view.FailDamaged(Directory))
                && transaction.WillUpdate(Directory)
                && _removal.Prepare(ref transaction, Directory, in _name, in _child);
        }

        public void Apply(ref VolumeTransaction transaction)
        {
            _removal.Apply(ref transaction);
            InodeItem changed = _directory;
            changed.SetChanged(transaction.Now);
            changed.LinkCount -= IsDirectory ? 1U : 0U;
            transaction.Update(Directory, _directory, changed);
        }
    }
}
