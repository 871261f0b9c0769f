namespace VfsBlock.Storage;

/// <summary>Looks for a name in a directory.</summary>
internal readonly ref struct NameMatch(ReadOnlySpan<byte> name) : IItemMatch
{
    private readonly ReadOnlySpan<byte> _name = name;

    /// <inheritdoc/>
    public bool? Matches(ReadOnlySpan<byte> value) =>
        DentryItem.TryRead(value, out DentryItem dentry) ? dentry.Name.SequenceEqual(_name) : null;
}
