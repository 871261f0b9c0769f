using VfsBlock.Interop;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>A directory, or anything else, of a volume.</summary>
/// <remarks>One thread. Keeps the names of one directory for each level.</remarks>
internal sealed class VolumeSource(Volume volume, InodeEntry top, byte[] root, TransferReport report) : ITreeSource
{
    private const uint PermissionMask = 0xFFF;

    private readonly Dictionary<InodeNumber, byte[]> _linked = [];

    /// <inheritdoc/>
    public IEnumerable<TreeEntry> Read()
    {
        var levels = new Stack<(List<(byte[] Name, InodeEntry Entry)> Entries, byte[] Path)>();
        levels.Push(([([], top)], []));
        while (levels.TryPeek(out (List<(byte[] Name, InodeEntry Entry)> Entries, byte[] Path) level))
        {
            if (level.Entries.Count == 0)
            {
                levels.Pop();
                continue;
            }

            (byte[] name, InodeEntry inode) = level.Entries[^1];
            level.Entries.RemoveAt(level.Entries.Count - 1);
            byte[] path = levels.Count == 1 ? root : BytePath.Join(level.Path, name);
            yield return EntryOf(path, inode);
            if (!inode.Attributes.IsDirectory)
            {
                continue;
            }

            Errno error = VolumeDirectory.List(volume, inode.Number, out List<(byte[] Name, InodeEntry Entry)> entries);
            if (error != Errno.None)
            {
                report.LeaveOut(path, "cannot list all of it", error);
            }

            entries.Reverse();
            levels.Push((entries, path));
        }
    }

    private TreeEntry EntryOf(byte[] path, in InodeEntry inode)
    {
        InodeItem item = inode.Attributes;
        byte[]? linkTo = null;
        if (item.LinkCount > 1 && !item.IsDirectory && !_linked.TryAdd(inode.Number, path))
        {
            linkTo = _linked[inode.Number];
        }

        byte[] target = [];
        Errno error = item.Type == InodeType.SymbolicLink ? VolumeDirectory.ReadLink(volume, inode.Number, out target) : Errno.None;
        if (error != Errno.None)
        {
            report.LeaveOut(path, "cannot read where it leads", error);
        }

        error = VolumeDirectory.ReadXattrs(volume, inode.Number, out List<TreeXattr> xattrs);
        if (error != Errno.None)
        {
            report.Lose("extended attributes", path, error);
        }

        return new TreeEntry
        {
            Path = path,
            Type = item.Type,
            Permissions = item.Mode & PermissionMask,
            UserId = item.UserId,
            GroupId = item.GroupId,
            ModifyTime = item.ModifyTime,
            AccessTime = item.AccessTime,
            Device = item.Device,
            SizeBytes = item.Type == InodeType.Regular && linkTo is null ? (long)item.SizeBytes : 0,
            Target = target,
            LinkTo = linkTo,
            Xattrs = linkTo is null ? xattrs : [],
            Data = item.Type == InodeType.Regular && item.SizeBytes > 0 && linkTo is null ? new VolumeFileData(volume, inode.Number) : null,
        };
    }
}
