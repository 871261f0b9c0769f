namespace VfsBlock.Storage;

/// <summary>Bytes that lie in the file tree itself: of a small file, or the target of a symbolic link (FORMAT.md section 4.2).</summary>
internal static class InlineItem
{
    /// <summary>The most bytes of one item. The target of a symbolic link may have a second.</summary>
    public const int MaxBytes = 2048;

    /// <summary>The key of an item.</summary>
    public static TreeKey Key(InodeNumber inode, int chunk) => FileKey.Of(inode, ItemType.Inline, (uint)chunk);

    /// <summary>How many items so many bytes take.</summary>
    public static int ChunksFor(int byteCount) => (byteCount + MaxBytes - 1) / MaxBytes;

    /// <summary>The bytes of one item.</summary>
    public static ReadOnlySpan<byte> Chunk(ReadOnlySpan<byte> bytes, int chunk) =>
        bytes.Slice(chunk * MaxBytes, Math.Min(MaxBytes, bytes.Length - (chunk * MaxBytes)));
}
