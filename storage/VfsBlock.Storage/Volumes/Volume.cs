using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// A POSIX file system in an image: inodes, directories, links, extended attributes. Files are named by inode number; names are bytes. Nothing here knows of
/// FUSE or of permission checks, which are the caller's; the rules of ownership, times, link counts and of what rename may do are here.
/// </summary>
/// <remarks>
/// <para>Threads: any, all methods. Questions are answered together, under a lock held shared; changes happen one after another, each whole or not at all,
/// under the same lock held exclusively. The lock is never held over I/O: a request that meets something which is not in memory reads it without the lock and starts again.</para>
/// <para>Errors that can be expected are values. Every method may answer, besides what it says itself: ESTALE if there is no such inode; EIO if the image is damaged
/// or cannot be read; ENOSPC or EBUSY, for changes, if the image is full or cannot take more until what is in memory was written.</para>
/// <para>An inode lives while it has a name or somebody holds it (<see cref="Hold"/>, <see cref="Release"/>), as open files do on Linux.</para>
/// </remarks>
public sealed partial class Volume : IDisposable
{
    private readonly VolumeCore _core;

    /// <summary>A volume over nodes that are there.</summary>
    internal Volume(VolumeCore core) => _core = core;

    /// <summary>What the parts of a volume share.</summary>
    internal VolumeCore Core => _core;

    /// <summary>How many inodes there are, those without a name included.</summary>
    public ulong InodeCount => _core.InodeCount;

    /// <summary>How often something on disk was found damaged since the volume was opened.</summary>
    public long DamageCount => _core.DamageCount;

    /// <summary>Makes everything durable and closes the image. After a failure of the device what was not synced before is lost.</summary>
    public void Dispose()
    {
        if (_image is null)
        {
            _core.Dispose();
            return;
        }

        _maintenance?.Dispose();
        if (!_image.File.IsReadOnly)
        {
            _image.Checkpoint();
            _image.File.DiscardWarm();
        }

        _image.Dispose();
    }

    /// <summary>Makes the root directory of a new volume.</summary>
    internal Errno Initialize(uint permissions, Credentials owner)
    {
        var creation = new RootCreation { Mode = ModeBits.Of(InodeType.Directory, permissions), Owner = owner };
        return _core.Change(ref creation);
    }

    private struct RootCreation : IVolumeChange
    {
        public uint Mode;
        public Credentials Owner;

        public readonly bool Prepare(ref VolumeTransaction transaction) => transaction.WillUpdate(InodeNumber.Root);

        public readonly void Apply(ref VolumeTransaction transaction)
        {
            InodeItem root = NewInode(in transaction, Mode, Owner);
            transaction.Add(InodeNumber.Root, root);
        }
    }

    /// <summary>The attributes of a new inode with its first name.</summary>
    private static InodeItem NewInode(in VolumeTransaction transaction, uint mode, Credentials owner) => new()
    {
        Mode = mode,
        LinkCount = ModeBits.TypeOf(mode) == InodeType.Directory ? 2U : 1U,
        UserId = owner.UserId,
        GroupId = owner.GroupId,
        AccessTime = transaction.Now,
        ModifyTime = transaction.Now,
        ChangeTime = transaction.Now,
        BirthTime = transaction.Now,
        Generation = transaction.Generation,
    };

    /// <summary>The attributes of a new inode that a directory is to hold or, for a file without a name, could.</summary>
    private static InodeItem NewInodeIn(in VolumeTransaction transaction, in InodeItem directory, uint mode, Credentials owner)
    {
        bool givesGroup = (directory.Mode & ModeBits.SetGroupId) != 0;
        InodeItem inode = NewInode(in transaction, mode, givesGroup ? owner with { GroupId = directory.GroupId } : owner);
        const uint Inherited = (uint)(InodeFlags.NoDump | InodeFlags.NoAccessTime);
        inode.Flags = directory.Flags & Inherited;
        if (inode.IsDirectory)
        {
            inode.Mode |= directory.Mode & ModeBits.SetGroupId;
        }

        return inode;
    }
}
