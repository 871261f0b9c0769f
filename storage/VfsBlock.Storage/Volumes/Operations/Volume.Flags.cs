using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>What chattr(1) sets (ioctl_iflags(2), FS_IOC_FSSETXATTR). Who may set immutable and append-only (CAP_LINUX_IMMUTABLE) is the caller's affair.</content>
public sealed partial class Volume
{
    /// <summary>Sets flags and project of an inode. The only change that an immutable inode takes.</summary>
    /// <param name="inode">Whose.</param>
    /// <param name="flags">What it has then; others that it has go.</param>
    /// <param name="projectId">The project that its space is counted for; null to leave it.</param>
    /// <returns>EINVAL for flags that there are not.</returns>
    public Errno SetFlags(InodeNumber inode, InodeFlags flags, uint? projectId = null)
    {
        if ((flags & ~InodeFlags.All) != 0)
        {
            return Errno.EINVAL;
        }

        var setting = new FlagSetting { Inode = inode, Flags = flags, ProjectId = projectId };
        return _core.Change(ref setting, ChangeRight.Deleting);
    }

    private struct FlagSetting : IVolumeChange
    {
        public InodeNumber Inode;
        public InodeFlags Flags;
        public uint? ProjectId;
        private InodeItem _before;

        public bool Prepare(ref VolumeTransaction transaction) =>
            transaction.View.FindInode(Inode, out _before) && transaction.WillUpdate(Inode);

        public readonly void Apply(ref VolumeTransaction transaction)
        {
            InodeItem after = _before;
            after.Flags = (after.Flags & ~(uint)InodeFlags.All) | (uint)Flags;
            after.ProjectId = ProjectId ?? after.ProjectId;
            after.ChangeTime = transaction.Now;
            transaction.Update(Inode, in _before, in after);
        }
    }
}
