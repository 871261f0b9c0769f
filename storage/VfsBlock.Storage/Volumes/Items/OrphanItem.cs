namespace VfsBlock.Storage;

/// <summary>Says that an inode has no name and is to be deleted (FORMAT.md section 4.2).</summary>
internal static class OrphanItem
{
    /// <summary>Bytes of the item.</summary>
    public const int EncodedBytes = 8;

    /// <summary>The item.</summary>
    public static ReadOnlySpan<byte> Bytes => [0, 0, 0, 0, 0, 0, 0, 0];
}
