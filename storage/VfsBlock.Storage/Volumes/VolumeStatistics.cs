namespace VfsBlock.Storage;

/// <summary>How full a volume is: what statvfs(3) asks for; its f_namemax is <see cref="VolumeLimits.MaxNameBytes"/>.</summary>
/// <param name="BlockSizeBytes">Size of a block in bytes.</param>
/// <param name="TotalBlocks">Blocks of the image once it has grown as far as it may; what is neither free nor pending is used, the format's own blocks included.</param>
/// <param name="FreeBlocks">Blocks that can be had, those included that only deletions may use. What was written and has no place yet is taken off.</param>
/// <param name="AvailableBlocks">Blocks that anybody can have.</param>
/// <param name="PendingBlocks">Blocks that were freed and become free with the next commits.</param>
/// <param name="DataBlocks">Blocks that hold data of files, each counted once however many files share it.</param>
/// <param name="InodeCount">Inodes in use, those without a name included. There is no limit to them but the space.</param>
public readonly record struct VolumeStatistics(
    int BlockSizeBytes, ulong TotalBlocks, ulong FreeBlocks, ulong AvailableBlocks, ulong PendingBlocks, ulong DataBlocks, ulong InodeCount)
{
    /// <summary>Bytes that an inode with a name takes in the tree, about: what <see cref="FreeInodes"/> is reckoned by.</summary>
    public const int BytesPerInode = 512;

    /// <summary>Inodes in use, and those that there is room for (f_files). Like the room it changes; there is no table of inodes.</summary>
    public ulong TotalInodes => InodeCount + FreeInodes;

    /// <summary>How many inodes there is room for, about (f_ffree).</summary>
    public ulong FreeInodes => FreeBlocks * (ulong)(BlockSizeBytes / BytesPerInode);

    /// <summary>As many as anybody can have (f_favail).</summary>
    public ulong AvailableInodes => AvailableBlocks * (ulong)(BlockSizeBytes / BytesPerInode);
}
