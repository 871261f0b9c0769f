namespace VfsBlock.MemoryFileSystem;

/// <summary>One line of a directory's listing: a name, or "." or "..".</summary>
/// <param name="Name">The name's bytes.</param>
/// <param name="Target">The node it stands for.</param>
/// <param name="Cookie">Where a listing goes on behind it.</param>
/// <param name="IsDots">True for "." and "..", of which the kernel counts no lookup.</param>
internal readonly record struct ListedEntry(byte[] Name, Inode Target, ulong Cookie, bool IsDots);
