using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Finding inodes, and holding them.</content>
public sealed partial class Volume
{
    /// <summary>Finds a name in a directory. "." and ".." are the directory itself and the one that holds it; the root holds itself.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">1 to 255 bytes.</param>
    /// <param name="entry">What has the name.</param>
    /// <param name="hold">True to hold the inode, as <see cref="Hold"/>, before anybody can delete it.</param>
    /// <returns>ENOENT, ENOTDIR, ENAMETOOLONG.</returns>
    public Errno Lookup(InodeNumber directory, ReadOnlySpan<byte> name, out InodeEntry entry, bool hold = false)
    {
        var lookup = new NameLookup { Directory = directory, Name = name, Hold = hold };
        Errno error = _core.Query(ref lookup);
        entry = lookup.Entry;
        return error;
    }

    /// <summary>The attributes of an inode.</summary>
    public Errno GetAttributes(InodeNumber inode, out InodeItem attributes)
    {
        var lookup = new InodeLookup { Inode = inode };
        Errno error = _core.Query(ref lookup);
        attributes = lookup.Attributes;
        return error;
    }

    /// <summary>Keeps an inode alive, names or no names, until <see cref="Release"/>.</summary>
    public Errno Hold(InodeNumber inode)
    {
        var lookup = new InodeLookup { Inode = inode, Hold = true };
        return _core.Query(ref lookup);
    }

    /// <summary>Ends holds. An inode without a name goes with the last.</summary>
    /// <param name="inode">The inode.</param>
    /// <param name="count">How many: not more than there are.</param>
    /// <returns>Only what every method may answer; the holds are gone in any case.</returns>
    /// <exception cref="InvalidOperationException">There are not so many.</exception>
    public Errno Release(InodeNumber inode, ulong count = 1) =>
        _core.References.Remove(inode, count) ? BeginDeletion(inode) : Errno.None;

    /// <summary>Ends all holds, as if each holder had released: for when those who held are gone, as a kernel is after unmounting.</summary>
    /// <returns>As <see cref="Release"/>.</returns>
    public Errno ReleaseAll()
    {
        Errno first = Errno.None;
        foreach (InodeNumber orphan in _core.References.Clear())
        {
            Errno error = BeginDeletion(orphan);
            first = first == Errno.None ? error : first;
        }

        return first;
    }

    private ref struct NameLookup : IVolumeQuery
    {
        public InodeNumber Directory;
        public ReadOnlySpan<byte> Name;
        public bool Hold;
        public InodeEntry Entry;

        public bool Run(ref VolumeView view)
        {
            if (!FindChild(ref view, out InodeNumber child, out InodeItem attributes))
            {
                return false;
            }

            Entry = new InodeEntry(child, attributes);
            if (Hold)
            {
                view.Core.References.Add(child, attributes.LinkCount == 0);
            }

            return true;
        }

        private readonly bool FindChild(ref VolumeView view, out InodeNumber child, out InodeItem attributes)
        {
            if (Name.SequenceEqual("."u8) || Name.SequenceEqual(".."u8))
            {
                return FindRelative(ref view, out child, out attributes);
            }

            attributes = default;
            bool goesOn = view.FindName(Directory, Name, out NameSlot found);
            child = found.Child;
            if (!goesOn)
            {
                return false;
            }

            // Only if there is no such name does it matter whether there is such a directory.
            return found.Exists
                ? view.FindNamedInode(child, found.Type, out attributes)
                : view.FindDirectory(Directory, out _) && view.Fail(Errno.ENOENT);
        }

        private readonly bool FindRelative(ref VolumeView view, out InodeNumber found, out InodeItem attributes)
        {
            found = Directory;
            if (Name.Length == 1)
            {
                return view.FindInode(Directory, out attributes);
            }

            return view.FindDirectory(Directory, out attributes)
                && view.FindParent(Directory, out found)
                && (!found.IsNone || view.Fail(Errno.ESTALE))
                && view.FindNamedInode(found, InodeType.Directory, out attributes);
        }
    }

    private struct InodeLookup : IVolumeQuery
    {
        public InodeNumber Inode;
        public bool Hold;
        public InodeItem Attributes;

        public bool Run(ref VolumeView view)
        {
            if (!view.FindInode(Inode, out Attributes))
            {
                return false;
            }

            if (Hold)
            {
                view.Core.References.Add(Inode, Attributes.LinkCount == 0);
            }

            return true;
        }
    }
}
