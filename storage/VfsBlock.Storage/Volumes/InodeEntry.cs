namespace VfsBlock.Storage;

/// <summary>An inode and its attributes as of one moment.</summary>
/// <param name="Number">The inode.</param>
/// <param name="Attributes">Its attributes.</param>
public readonly record struct InodeEntry(InodeNumber Number, InodeItem Attributes);
