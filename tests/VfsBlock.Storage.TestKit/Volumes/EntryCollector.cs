namespace VfsBlock.Storage.TestKit;

/// <summary>Takes names of a listing into a list, so many at a time.</summary>
/// <param name="entries">Where they go.</param>
/// <param name="capacity">How many it has room for.</param>
public struct EntryCollector(List<ListedEntry> entries, int capacity) : IDirectoryReader, IDirectoryEntryReader
{
    private int _room = capacity;

    /// <inheritdoc/>
    public bool TryAdd(scoped ReadOnlySpan<byte> name, InodeNumber inode, InodeType type, ulong cookie) =>
        TryAdd(new ListedEntry(ModelVolume.Key(name), inode, type, cookie, default));

    /// <inheritdoc/>
    public bool TryAdd(scoped ReadOnlySpan<byte> name, in InodeEntry entry, ulong cookie) =>
        TryAdd(new ListedEntry(ModelVolume.Key(name), entry.Number, entry.Attributes.Type, cookie, entry.Attributes));

    private bool TryAdd(in ListedEntry entry)
    {
        if (_room == 0)
        {
            return false;
        }

        _room--;
        entries.Add(entry);
        return true;
    }
}
