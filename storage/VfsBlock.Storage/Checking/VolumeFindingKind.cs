namespace VfsBlock.Storage;

/// <summary>What can be wrong with a volume.</summary>
public enum VolumeFindingKind
{
    /// <summary>A structure that every image has: <see cref="VolumeFinding.Structure"/> says which.</summary>
    Structure,

    /// <summary>The image cannot be opened at all; nothing behind that was checked.</summary>
    Unusable,

    /// <summary>The volume's own record in the root makes no sense, or names a log that lies outside the image.</summary>
    Control,

    /// <summary>The log cannot be believed or read.</summary>
    Log,

    /// <summary>Data that the log says was durable is not there any more.</summary>
    LogData,

    /// <summary>A node of a tree: <see cref="VolumeFinding.Node"/> says what.</summary>
    Node,

    /// <summary>An item's bytes cannot be an item of its type, or there is no such type.</summary>
    Item,

    /// <summary>Items of an inode that does not exist.</summary>
    LostItems,

    /// <summary>An item of a type that inodes of this type do not have.</summary>
    ForeignItem,

    /// <summary>There is no root directory, or inode 1 is something else, or it has a parent.</summary>
    RootDirectory,

    /// <summary>A name, reference or extended attribute lies under the hash of another.</summary>
    HashSlot,

    /// <summary>The same name, reference or extended attribute twice.</summary>
    Duplicate,

    /// <summary>A name of an inode that does not exist.</summary>
    DentryWithoutInode,

    /// <summary>A name says another type than its inode.</summary>
    WrongType,

    /// <summary>A name that its inode does not know of.</summary>
    MissingReference,

    /// <summary>An inode believes in a name that does not exist.</summary>
    DanglingReference,

    /// <summary>An inode's link count is not the number of its names; of a directory, 2 and one for each directory in it.</summary>
    LinkCount,

    /// <summary>Directories that hang in a circle, or below what does not exist.</summary>
    Unreachable,

    /// <summary>An inode without links that the orphan list does not name.</summary>
    OrphanMissing,

    /// <summary>The orphan list names an inode that has links, or none at all.</summary>
    OrphanExtra,

    /// <summary>The bytes kept in an inode's own items are not as many as its size says.</summary>
    InlineLength,

    /// <summary>A long extended attribute lacks parts, has parts too many, or parts of a wrong length.</summary>
    XattrData,

    /// <summary>An access control list makes no sense, is not what the permissions say, or the inode's flags say otherwise of it.</summary>
    AccessList,

    /// <summary>Extents of a file overlap in the file, or lie behind what a file can have.</summary>
    ExtentOrder,

    /// <summary>A run lies outside the image, or in what belongs to the format.</summary>
    OutsideImage,

    /// <summary>A run of blocks belongs to somebody else already.</summary>
    DoubleUse,

    /// <summary>An inode counts other blocks than its extents have.</summary>
    BlockCount,

    /// <summary>The shared-extent tree counts other references than there are, or its runs overlap.</summary>
    SharedCount,

    /// <summary>Blocks that belong to somebody and are free in the bitmap: they may be given away.</summary>
    UsedButFree,

    /// <summary>Blocks that nobody has and that are in use in the bitmap: lost space.</summary>
    Leak,

    /// <summary>A counter of the control data is not what was counted.</summary>
    Counter,

    /// <summary>Something says that it is younger than the root that reaches it.</summary>
    Generation,

    /// <summary>A block of data cannot be read, or is not what was written.</summary>
    Data,

    /// <summary>Bytes behind a file's end are not zero.</summary>
    Tail,
}
