namespace VfsBlock.Storage;

/// <summary>
/// A block that a write covers in part, and whose other part must be read from the device first: which one, where it lay, and whether it was read.
/// If by the time of the write it lies elsewhere, it has changed, and is read again.
/// </summary>
/// <param name="FileBlock">The block, counted in the file.</param>
/// <param name="Place">Where it lies.</param>
/// <param name="Generation">The generation it was written in.</param>
/// <param name="Checksum">CRC32C of its bytes.</param>
internal readonly record struct EdgeBlock(ulong FileBlock, BlockNumber Place, ulong Generation, uint Checksum)
{
    /// <summary>No block.</summary>
    public static EdgeBlock None => default;

    /// <summary>True if this names no block.</summary>
    public bool IsNone => Place.IsNone;
}
