namespace VfsBlock.Storage;

/// <summary>A run of blocks of a file that are all the same: a hole, set aside but unwritten, or written and in a row on the device.</summary>
/// <param name="FirstBlock">The first block, counted in the file.</param>
/// <param name="BlockCount">How many, 1 or more.</param>
/// <param name="Place">Where the first one lies on the device; none for a hole.</param>
/// <param name="Generation">The generation that the blocks were written in.</param>
/// <param name="IsUnwritten">True if they have a place and read as zeros.</param>
internal readonly record struct FileRange(ulong FirstBlock, ulong BlockCount, BlockNumber Place, ulong Generation, bool IsUnwritten)
{
    /// <summary>True if there are bytes to read on the device.</summary>
    public bool IsWritten => !Place.IsNone && !IsUnwritten;

    /// <summary>The block behind the last one.</summary>
    public ulong EndBlock => FirstBlock + BlockCount;
}
