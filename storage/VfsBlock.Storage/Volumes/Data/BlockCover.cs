namespace VfsBlock.Storage;

/// <summary>What the extents of a file say of a block that is about to be written.</summary>
internal enum BlockCover
{
    /// <summary>None has it: it needs a place, and the file takes a block more.</summary>
    Hole,

    /// <summary>It was set aside and not written: it goes there.</summary>
    Unwritten,

    /// <summary>It was written: it gets another place, and the old one is free then.</summary>
    Written,
}
