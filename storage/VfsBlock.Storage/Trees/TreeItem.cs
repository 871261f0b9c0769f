namespace VfsBlock.Storage;

/// <summary>An item of a tree. Its value lies in the node: it is valid until the caller's lock is let go or the tree is changed.</summary>
/// <param name="key">The key.</param>
/// <param name="value">The value.</param>
public readonly ref struct TreeItem(TreeKey key, ReadOnlySpan<byte> value)
{
    /// <summary>The key.</summary>
    public TreeKey Key { get; } = key;

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;
}
