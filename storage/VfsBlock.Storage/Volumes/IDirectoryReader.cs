namespace VfsBlock.Storage;

/// <summary>Takes the names of a directory, one after another.</summary>
/// <remarks>Called with the volume's lock held shared: it copies, and calls nothing that could wait or that asks the volume.</remarks>
public interface IDirectoryReader
{
    /// <summary>Takes a name.</summary>
    /// <param name="name">The name; valid during the call.</param>
    /// <param name="inode">The inode that has it.</param>
    /// <param name="type">What that inode is.</param>
    /// <param name="cookie">Where the listing goes on behind this name.</param>
    /// <returns>False if there is no room for it: the listing ends, and the name was not taken.</returns>
    bool TryAdd(scoped ReadOnlySpan<byte> name, InodeNumber inode, InodeType type, ulong cookie);
}
