namespace VfsBlock.Fuse;

/// <summary>One line of /proc/self/mountinfo (proc(5)), its escapes undone.</summary>
/// <param name="Id">The mount's number; a later mount may get it again once this one is gone.</param>
/// <param name="ParentId">The number of the mount that this one stands on.</param>
/// <param name="Device">st_dev of the files inside.</param>
/// <param name="Root">The directory of the file system that is mounted; "/" unless it is a bind mount.</param>
/// <param name="MountPoint">Where, absolute.</param>
/// <param name="Options">The options of the mount point, such as <c>rw,nosuid</c>.</param>
/// <param name="Type">The type, such as <c>ext4</c> or <c>fuse.vfsblock</c>.</param>
/// <param name="Source">The first column of df(1).</param>
/// <param name="SuperOptions">The options of the file system, such as <c>rw,user_id=0</c>.</param>
public sealed record MountEntry(
    int Id,
    int ParentId,
    DeviceNumber Device,
    string Root,
    string MountPoint,
    string Options,
    string Type,
    string Source,
    string SuperOptions)
{
    /// <summary>Whether a FUSE server stands behind it. <c>fusectl</c> is the kernel's own.</summary>
    public bool IsFuse => Type is "fuse" or "fuseblk"
        || Type.StartsWith("fuse.", StringComparison.Ordinal) || Type.StartsWith("fuseblk.", StringComparison.Ordinal);
}
