namespace VfsBlock.Storage;

/// <summary>Where a node lies, and what it must look like there (FORMAT.md section 2): 24 bytes on disk.</summary>
/// <param name="Block">Its first block; none for an empty tree.</param>
/// <param name="Generation">The generation that it was born in.</param>
/// <param name="Checksum">CRC32C of the node. Not set (0) while the node may still change: it is sealed when its generation is committed.</param>
public readonly record struct NodePointer(BlockNumber Block, ulong Generation, uint Checksum)
{
    /// <summary>An empty tree.</summary>
    public static NodePointer None => default;

    /// <summary>True if it points nowhere.</summary>
    public bool IsNone => Block.IsNone;
}
