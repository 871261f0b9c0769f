namespace VfsBlock.Storage.TestKit;

/// <summary>A name as a listing gave it.</summary>
/// <param name="Name">Its bytes as Latin-1.</param>
/// <param name="Number">The inode that has it.</param>
/// <param name="Type">What that is.</param>
/// <param name="Cookie">Where the listing goes on.</param>
/// <param name="Attributes">Its attributes, if they were asked for.</param>
public readonly record struct ListedEntry(string Name, InodeNumber Number, InodeType Type, ulong Cookie, InodeItem Attributes);
