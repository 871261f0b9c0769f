namespace VfsBlock.Storage;

/// <summary>A name in a directory, or the place where it would go.</summary>
internal struct NameSlot
{
    /// <summary>The place.</summary>
    public ItemSlot Slot;

    /// <summary>The inode that has the name, if it is there.</summary>
    public InodeNumber Child;

    /// <summary>What that inode is.</summary>
    public InodeType Type;

    /// <summary>True if the name is there.</summary>
    public readonly bool Exists => Slot.IsTaken;

    /// <summary>The sub key of the name's item.</summary>
    public readonly ulong Sub => Slot.Sub;

    /// <summary>True if it names a directory.</summary>
    public readonly bool IsDirectory => Type == InodeType.Directory;

    /// <summary>What the child says of the name.</summary>
    public readonly RefItem ReferenceFrom(InodeNumber directory) => new(directory, Slot.Sub);
}
