namespace VfsBlock.Storage;

/// <summary>What can be wrong with an image's fixed structures.</summary>
public enum BlockFileFindingKind
{
    /// <summary>The superblock is damaged.</summary>
    Superblock,

    /// <summary>The copy of the superblock is damaged, or says something else.</summary>
    SuperblockCopy,

    /// <summary>The newest root record is damaged: the image goes on from the one before.</summary>
    Root,

    /// <summary>A root record does not follow from the one before it.</summary>
    RootChain,

    /// <summary>The device is shorter than the image.</summary>
    Truncated,

    /// <summary>A descriptor page is damaged.</summary>
    DescriptorPage,

    /// <summary>A bitmap is damaged.</summary>
    Bitmap,

    /// <summary>A bitmap has blocks of the format, or blocks that do not exist, as free.</summary>
    ReservedBlock,

    /// <summary>A group's count of free blocks is not what its bitmap says.</summary>
    GroupFreeCount,

    /// <summary>The image's count of free blocks is not the sum of its groups'.</summary>
    FreeCount,

    /// <summary>The redo list is damaged.</summary>
    RedoList,
}
