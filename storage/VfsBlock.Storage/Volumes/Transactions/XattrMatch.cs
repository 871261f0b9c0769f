namespace VfsBlock.Storage;

/// <summary>Looks for an extended attribute.</summary>
internal readonly ref struct XattrMatch(ReadOnlySpan<byte> name) : IItemMatch
{
    private readonly ReadOnlySpan<byte> _name = name;

    /// <inheritdoc/>
    public bool? Matches(ReadOnlySpan<byte> value) =>
        XattrItem.TryRead(value, out XattrItem xattr) ? xattr.Name.SequenceEqual(_name) : null;
}
