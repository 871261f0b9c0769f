namespace VfsBlock.Storage;

/// <summary>How full a volume is: what statvfs(3) asks for.</summary>
/// <param name="BlockSizeBytes">Size of a block in bytes.</param>
/// <param name="TotalBlocks">Blocks of the image once it has grown as far as it may; what is neither free nor pending is used, the format's own blocks included.</param>
/// <param name="FreeBlocks">Blocks that can be had, those included that only deletions may use. What was written and has no place yet is taken off.</param>
/// <param name="AvailableBlocks">Blocks that anybody can have.</param>
/// <param name="PendingBlocks">Blocks that were freed and become free with the next commits.</param>
/// <param name="DataBlocks">Blocks that hold data of files, each counted once however many files share it.</param>
/// <param name="InodeCount">Inodes in use. There is no limit to them but the space.</param>
public readonly record struct VolumeStatistics(
    int BlockSizeBytes, ulong TotalBlocks, ulong FreeBlocks, ulong AvailableBlocks, ulong PendingBlocks, ulong DataBlocks, ulong InodeCount);
