using VfsBlock.Fuse;

namespace VfsBlock.MemoryFileSystem;

/// <summary>A regular file.</summary>
internal sealed class FileInode(NodeId id, in FuseAttr attributes, PagePool pool) : Inode(id, attributes)
{
    // st_blocks counts in units of 512 bytes (stat(2)).
    private const int BlocksPerPage = PagePool.PageBytes / 512;

    /// <summary>The bytes. Guarded by the inode's lock.</summary>
    public FileData Data { get; } = new(pool);

    /// <summary>
    /// Records a change of the data: size, blocks, and the capabilities that go with it. The lock is held; the caller
    /// sets the times and publishes the attributes.
    /// </summary>
    public void DataChanged(ref FuseAttr attributes, long sizeBytes)
    {
        attributes.Size = (ulong)sizeBytes;
        attributes.Blocks = (ulong)(Data.PageCount * BlocksPerPage);
        PrivilegeRules.RemoveCapabilities(this);
    }

    /// <summary>
    /// Cuts or extends the file. What is cut reads as zeros if the file grows again. The lock is held; the caller
    /// publishes the attributes.
    /// </summary>
    public void Resize(ref FuseAttr attributes, long sizeBytes, Timestamp now)
    {
        if (sizeBytes <= (long)attributes.Size)
        {
            Data.PunchHole(sizeBytes, long.MaxValue);
        }

        DataChanged(ref attributes, sizeBytes);
        attributes.SetChanged(now);
    }

    /// <inheritdoc/>
    public override void Release()
    {
        lock (Lock)
        {
            Data.Clear();
        }
    }
}
