using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>
/// What immutable and append-only inodes refuse, always with EPERM. The kernel asks the same of file systems whose flags it knows (fs/namei.c: may_delete, may_create;
/// fs/attr.c: notify_change); of those behind FUSE it does not.
/// </content>
internal ref partial struct VolumeView
{
    /// <summary>EPERM if nothing of the inode may change.</summary>
    public bool RequireMutable(in InodeItem inode) => !inode.Has(InodeFlags.Immutable) || Fail(Errno.EPERM);

    /// <summary>EPERM if the inode may at most grow at its end.</summary>
    public bool RequireFree(in InodeItem inode) => !inode.Has(InodeFlags.Immutable | InodeFlags.AppendOnly) || Fail(Errno.EPERM);

    /// <summary>EPERM if a name may not be taken out of the directory, or not away from the inode.</summary>
    public bool RequireDeletable(in InodeItem directory, in InodeItem inode) => RequireFree(in directory) && RequireFree(in inode);

    /// <summary>EPERM if bytes from an offset on may not be written.</summary>
    public bool RequireWritable(in InodeItem inode, ulong offsetBytes) =>
        RequireMutable(in inode) && (!inode.Has(InodeFlags.AppendOnly) || offsetBytes >= inode.SizeBytes || Fail(Errno.EPERM));
}
