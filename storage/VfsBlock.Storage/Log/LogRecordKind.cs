namespace VfsBlock.Storage;

/// <summary>What a record of the intent log says (FORMAT.md section 3); the numbers are on disk.</summary>
public enum LogRecordKind : byte
{
    /// <summary>An item was inserted or replaced.</summary>
    Put = 1,

    /// <summary>An item was deleted.</summary>
    Delete = 2,

    /// <summary>A part of an item's value was overwritten.</summary>
    Patch = 3,

    /// <summary>A run of blocks belongs to file data now.</summary>
    Allocate = 4,

    /// <summary>A run of blocks no longer does.</summary>
    Free = 5,

    /// <summary>A run of blocks was written before the batch, with these checksums.</summary>
    Data = 6,

    /// <summary>The next inode number to give out.</summary>
    NextInode = 7,
}
