using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>New inodes.</content>
public sealed partial class Volume
{
    /// <summary>Makes a regular file.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">Its name: 1 to 255 bytes without '/' and 0.</param>
    /// <param name="permissions">Its permissions; those of the owner's umask are taken off unless the directory has a default access control list.</param>
    /// <param name="owner">Who makes it.</param>
    /// <param name="entry">The new inode.</param>
    /// <param name="hold">True to hold it, as <see cref="Hold"/>.</param>
    /// <returns>EEXIST; ENOENT if the directory was removed; ENOTDIR; ENAMETOOLONG; EINVAL for what is no name; ENOSPC; EPERM if the directory is immutable.</returns>
    public Errno Create(
        InodeNumber directory, ReadOnlySpan<byte> name, uint permissions, Credentials owner, out InodeEntry entry, bool hold = false) =>
        Create(new Creation { Directory = directory, Name = name, Mode = ModeBits.Of(InodeType.Regular, permissions), Owner = owner, Hold = hold }, out entry);

    /// <summary>Makes a directory.</summary>
    /// <returns>As for a file; and EMLINK if the directory's link count is as high as can be.</returns>
    /// <inheritdoc cref="Create(InodeNumber, ReadOnlySpan{byte}, uint, Credentials, out InodeEntry, bool)"/>
    public Errno MakeDirectory(
        InodeNumber directory, ReadOnlySpan<byte> name, uint permissions, Credentials owner, out InodeEntry entry, bool hold = false) =>
        Create(new Creation { Directory = directory, Name = name, Mode = ModeBits.Of(InodeType.Directory, permissions), Owner = owner, Hold = hold }, out entry);

    /// <summary>Makes a regular file, FIFO, socket or device node.</summary>
    /// <param name="mode">Type and permissions, as of mknod(2).</param>
    /// <param name="device">The number of a device, as makedev(3) packs it; otherwise ignored.</param>
    /// <returns>As for a file; and EINVAL for another type.</returns>
    /// <inheritdoc cref="Create(InodeNumber, ReadOnlySpan{byte}, uint, Credentials, out InodeEntry, bool)"/>
#pragma warning disable CS1573 // The parameters without text have that of Create.
    public Errno MakeNode(
        InodeNumber directory, ReadOnlySpan<byte> name, uint mode, ulong device, Credentials owner, out InodeEntry entry, bool hold = false)
    {
        InodeType type = ModeBits.TypeOf(mode);
        bool isDevice = type is InodeType.CharacterDevice or InodeType.BlockDevice;
        if (!isDevice && type is not (InodeType.Regular or InodeType.Fifo or InodeType.Socket))
        {
            entry = default;
            return Errno.EINVAL;
        }

        return Create(new Creation { Directory = directory, Name = name, Mode = mode, Device = isDevice ? device : 0, Owner = owner, Hold = hold }, out entry);
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="target">Where it leads: 1 to 4095 bytes without 0.</param>
    /// <returns>As for a file; and ENAMETOOLONG for a longer target, EINVAL for what is no path.</returns>
    /// <inheritdoc cref="Create(InodeNumber, ReadOnlySpan{byte}, uint, Credentials, out InodeEntry, bool)"/>
    public Errno Symlink(
        InodeNumber directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, Credentials owner, out InodeEntry entry, bool hold = false)
    {
        if (target.Length > VolumeLimits.MaxSymlinkBytes || target.IsEmpty || target.Contains((byte)0))
        {
            entry = default;
            return target.Length > VolumeLimits.MaxSymlinkBytes ? Errno.ENAMETOOLONG : target.IsEmpty ? Errno.ENOENT : Errno.EINVAL;
        }

        uint mode = ModeBits.Of(InodeType.SymbolicLink, ModeBits.AllPermissions);
        return Create(new Creation { Directory = directory, Name = name, Mode = mode, Target = target, Owner = owner, Hold = hold }, out entry);
    }
#pragma warning restore CS1573

    private Errno Create(Creation creation, out InodeEntry entry)
    {
        Errno error = _core.Change(ref creation);
        entry = error == Errno.None ? new InodeEntry(creation.Number, creation.Inode) : default;
        return error;
    }

    private ref struct Creation : IVolumeChange
    {
        public InodeNumber Directory;
        public ReadOnlySpan<byte> Name;
        public ReadOnlySpan<byte> Target;
        public uint Mode;
        public ulong Device;
        public Credentials Owner;
        public bool Hold;
        public InodeNumber Number;
        public InodeItem Inode;
        private InodeItem _directory;
        private NameSlot _place;
        private Inheritance _inheritance;

        private readonly bool IsDirectory => ModeBits.TypeOf(Mode) == InodeType.Directory;

        public bool Prepare(ref VolumeTransaction transaction)
        {
            return transaction.NextInode(out Number)
                && FindPlaceForNew(ref transaction, Directory, Name, IsDirectory ? 1U : 0U, out _directory, out _place)
                && WillAddName(ref transaction, Directory, Name, _place, Number, ItemSlot.Free(FirstReferenceSub(transaction.View.Core)))
                && transaction.WillUpdate(Number)
                && WillPutTarget(ref transaction)
                && _inheritance.Prepare(ref transaction, Directory, in _directory, Number);
        }

        public void Apply(ref VolumeTransaction transaction)
        {
            Inode = NewInodeIn(in transaction, _directory, Mode, Owner);
            Inode.Device = Device;
            Inode.SizeBytes = (ulong)Target.Length;
            _inheritance.Apply(ref transaction, Number, ref Inode, Owner.Umask);
            transaction.Add(Number, Inode);
            PutTarget(ref transaction);
            AddName(ref transaction, Directory, Name, _place, Number, Inode.Type, ItemSlot.Free(FirstReferenceSub(transaction.View.Core)));

            InodeItem changed = _directory;
            changed.SetChanged(transaction.Now);
            changed.LinkCount += IsDirectory ? 1U : 0U;
            transaction.Update(Directory, _directory, changed);
            if (Hold)
            {
                transaction.View.Core.References.Add(Number, isOrphan: false);
            }
        }

        /// <summary>A new inode has no reference yet, so the first has the first number of its hash.</summary>
        private readonly ulong FirstReferenceSub(VolumeCore core) => FileKey.FirstSub(core.HashOf(_place.ReferenceFrom(Directory)));

        private readonly bool WillPutTarget(ref VolumeTransaction transaction)
        {
            int chunkCount = InlineItem.ChunksFor(Target.Length);
            for (int chunk = 0; chunk < chunkCount; chunk++)
            {
                if (!transaction.WillPut(InlineItem.Key(Number, chunk), InlineItem.Chunk(Target, chunk).Length))
                {
                    return false;
                }
            }

            return true;
        }

        private readonly void PutTarget(ref VolumeTransaction transaction)
        {
            int chunkCount = InlineItem.ChunksFor(Target.Length);
            for (int chunk = 0; chunk < chunkCount; chunk++)
            {
                transaction.Put(InlineItem.Key(Number, chunk), InlineItem.Chunk(Target, chunk));
            }
        }
    }
}
