namespace VfsBlock.Storage;

/// <summary>Looks for one of an inode's references.</summary>
internal readonly ref struct RefMatch(RefItem reference) : IItemMatch
{
    private readonly RefItem _reference = reference;

    /// <inheritdoc/>
    public bool? Matches(ReadOnlySpan<byte> value) => RefItem.TryRead(value, out RefItem found) ? found == _reference : null;
}
