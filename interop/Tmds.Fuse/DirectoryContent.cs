namespace Tmds.Fuse;

/// <summary>Takes the names that <see cref="IFuseFileSystem.ReadDir"/> lists: all of them, in one call, however many there are.</summary>
public readonly ref struct DirectoryContent
{
    private readonly DirectoryListing _listing;

    internal DirectoryContent(DirectoryListing listing) => _listing = listing;

    /// <summary>Adds a name, in UTF-8. "." and ".." are names like others; a listing may do without. An empty name is left out.</summary>
    /// <exception cref="ArgumentException">The name has more than 1024 bytes, or a slash.</exception>
    public void AddEntry(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _listing.Add(name);
    }

    /// <summary>Adds a name in the file system's own bytes; it ends at a NUL, if there is one.</summary>
    /// <inheritdoc cref="AddEntry(string)"/>
    public void AddEntry(ReadOnlySpan<byte> name) => _listing.Add(name);
}
