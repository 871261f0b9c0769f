using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>More than one name, and none.</content>
public sealed partial class Volume
{
    /// <summary>Gives an inode one more name; or, to a file of <see cref="TemporaryFile"/>, its first.</summary>
    /// <param name="inode">The inode.</param>
    /// <param name="directory">Where the name goes.</param>
    /// <param name="name">1 to 255 bytes without '/' and 0.</param>
    /// <param name="entry">The inode as it is then.</param>
    /// <param name="hold">True to hold it, as <see cref="Hold"/>.</param>
    /// <returns>EEXIST, ENOTDIR, ENAMETOOLONG, EINVAL, ENOSPC; EPERM for a directory, or if inode or directory must not change; ENOENT if the inode lost all its names, or the directory was removed;
    /// EMLINK if it has as many as can be.</returns>
    public Errno Link(InodeNumber inode, InodeNumber directory, ReadOnlySpan<byte> name, out InodeEntry entry, bool hold = false)
    {
        var linking = new Linking { Number = inode, Directory = directory, Name = name, Hold = hold };
        Errno error = _core.Change(ref linking);
        entry = error == Errno.None ? new InodeEntry(inode, linking.Linked) : default;
        return error;
    }

    /// <summary>Makes a regular file without a name. It is held; unless it is given a name, it goes when it is released.</summary>
    /// <param name="directory">The directory that it could have been made in; it gives its group if it gives it to others.</param>
    /// <param name="permissions">Its permissions.</param>
    /// <param name="owner">Who makes it.</param>
    /// <param name="entry">The new inode.</param>
    /// <returns>ENOTDIR, ENOSPC; EPERM if the directory is immutable.</returns>
    public Errno TemporaryFile(InodeNumber directory, uint permissions, Credentials owner, out InodeEntry entry)
    {
        var creation = new TemporaryCreation { Directory = directory, Mode = ModeBits.Of(InodeType.Regular, permissions), Owner = owner };
        Errno error = _core.Change(ref creation);
        entry = error == Errno.None ? new InodeEntry(creation.Number, creation.Inode) : default;
        return error;
    }

    private ref struct Linking : IVolumeChange
    {
        public InodeNumber Number;
        public InodeNumber Directory;
        public ReadOnlySpan<byte> Name;
        public bool Hold;
        public InodeItem Linked;
        private InodeItem _inode;
        private InodeItem _directory;
        private NameSlot _place;
        private ItemSlot _reference;

        // The item goes, unless it also says that a truncation is to be finished.
        private readonly bool IsNoOrphanThen => _inode.LinkCount == 0 && !_inode.IsTruncationPending;

        public bool Prepare(ref VolumeTransaction transaction)
        {
            ref VolumeView view = ref transaction.View;
            return view.FindInode(Number, out _inode)
                && (!_inode.IsDirectory || view.Fail(Errno.EPERM))
                && FindPlaceForNew(ref transaction, Directory, Name, 0, out _directory, out _place)
                && (_inode.LinkCount > 0 || view.Core.References.IsTemporary(Number) || view.Fail(Errno.ENOENT))
                && view.RequireFree(in _inode)
                && (_inode.LinkCount < view.Core.MaxLinkCount || view.Fail(Errno.EMLINK))
                && view.FindReference(Number, _place.ReferenceFrom(Directory), out _reference)
                && (!_reference.IsTaken || view.FailDamaged(Number))
                && WillAddName(ref transaction, Directory, Name, _place, Number, _reference)
                && transaction.WillUpdate(Number)
                && (!IsNoOrphanThen || transaction.WillDelete(FileKey.Orphan(Number)));
        }

        public void Apply(ref VolumeTransaction transaction)
        {
            AddName(ref transaction, Directory, Name, _place, Number, _inode.Type, _reference);
            InodeItem changed = _directory;
            changed.SetChanged(transaction.Now);
            transaction.Update(Directory, _directory, changed);

            Linked = _inode;
            Linked.LinkCount++;
            Linked.ChangeTime = transaction.Now;
            transaction.Update(Number, _inode, Linked);
            InodeReferences references = transaction.View.Core.References;
            if (IsNoOrphanThen)
            {
                transaction.Delete(FileKey.Orphan(Number));
            }

            if (_inode.LinkCount == 0)
            {
                references.Named(Number);
            }

            if (Hold)
            {
                references.Add(Number, isOrphan: false);
            }
        }
    }

    private ref struct TemporaryCreation : IVolumeChange
    {
        public InodeNumber Directory;
        public uint Mode;
        public Credentials Owner;
        public InodeNumber Number;
        public InodeItem Inode;
        private InodeItem _directory;
        private Inheritance _inheritance;

        public bool Prepare(ref VolumeTransaction transaction)
        {
            return transaction.NextInode(out Number)
                && transaction.View.FindDirectory(Directory, out _directory)
                && (_directory.LinkCount > 0 || transaction.View.Fail(Errno.ENOENT))
                && transaction.View.RequireMutable(in _directory)
                && transaction.WillUpdate(Number)
                && transaction.WillPut(FileKey.Orphan(Number), OrphanItem.EncodedBytes)
                && _inheritance.Prepare(ref transaction, Directory, in _directory, Number);
        }

        public void Apply(ref VolumeTransaction transaction)
        {
            Inode = NewInodeIn(in transaction, _directory, Mode, Owner);
            Inode.LinkCount = 0;
            _inheritance.Apply(ref transaction, Number, ref Inode, Owner.Umask);
            transaction.Add(Number, Inode);
            transaction.Put(FileKey.Orphan(Number), OrphanItem.Bytes);
            transaction.View.Core.References.AddTemporary(Number);
        }
    }
}
