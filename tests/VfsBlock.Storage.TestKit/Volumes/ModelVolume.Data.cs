using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <content>The data of files.</content>
public sealed partial class ModelVolume
{
    /// <summary>As <see cref="Volume.Write"/>, of at most a mebibyte.</summary>
    public Errno Write(InodeNumber number, int offsetBytes, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return Errno.None;
        }

        if (FindFile(number, out Errno error) is not { } inode)
        {
            return error;
        }

        if (!IsWritable(inode, offsetBytes))
        {
            return Errno.EPERM;
        }

        inode.Contains(inode.Content.Write(offsetBytes, data), Now);
        return Errno.None;
    }

    /// <summary>As <see cref="Volume.SetSize"/>.</summary>
    public Errno SetSize(InodeNumber number, int sizeBytes)
    {
        if (FindFile(number, out Errno error) is not { } inode)
        {
            return error;
        }

        if (!IsFree(inode))
        {
            return Errno.EPERM;
        }

        inode.Contains(inode.Content.SetSize(sizeBytes), Now);
        return Errno.None;
    }

    private ModelInode? FindFile(InodeNumber number, out Errno error)
    {
        ModelInode? inode = Find(number, out error);
        if (inode is null || inode.Attributes.Type == InodeType.Regular)
        {
            return inode;
        }

        error = inode.IsDirectory ? Errno.EISDIR : Errno.EINVAL;
        return null;
    }
}
