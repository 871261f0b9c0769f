namespace VfsBlock.MemoryFileSystem;

/// <summary>One name in a directory. Guarded by the tree's lock.</summary>
internal sealed class DirectoryEntry(byte[] name, ulong cookie, Inode target)
{
    /// <summary>The name as it is stored; never changed.</summary>
    public byte[] NameBytes => name;

    /// <summary>The entry's place in the order of listing.</summary>
    public ulong Cookie => cookie;

    /// <summary>The node that bears the name.</summary>
    public Inode Target { get; set; } = target;

    /// <summary>True once the name is gone.</summary>
    public bool IsRemoved { get; set; }
}
