namespace VfsBlock.Storage;

/// <summary>Takes the names of a directory with the attributes of what has them.</summary>
/// <remarks>As <see cref="IDirectoryReader"/>.</remarks>
public interface IDirectoryEntryReader
{
    /// <summary>Takes a name.</summary>
    /// <param name="name">The name; valid during the call.</param>
    /// <param name="entry">The inode that has it.</param>
    /// <param name="cookie">Where the listing goes on behind this name.</param>
    /// <returns>False if there is no room for it: the listing ends, and the name was not taken.</returns>
    bool TryAdd(scoped ReadOnlySpan<byte> name, in InodeEntry entry, ulong cookie);
}
