namespace VfsBlock.Storage;

/// <summary>Where a volume stands: the part of the control data (FORMAT.md section 4.1) that belongs to the namespace. The rest is the log's.</summary>
internal readonly record struct VolumeState
{
    /// <summary>What nodes of the system tree say.</summary>
    public const uint SystemTreeId = 1;

    /// <summary>What nodes of the shared-extent tree say.</summary>
    public const uint SharedExtentTreeId = 2;

    /// <summary>What nodes of the file tree say.</summary>
    public const uint FileTreeId = 16;

    /// <summary>The system tree.</summary>
    public NodePointer SystemTree { get; init; }

    /// <summary>The shared-extent tree.</summary>
    public NodePointer SharedExtentTree { get; init; }

    /// <summary>The file tree.</summary>
    public NodePointer FileTree { get; init; }

    /// <summary>The number that the next new inode gets.</summary>
    public InodeNumber NextInode { get; init; }

    /// <summary>How many inodes there are.</summary>
    public ulong InodeCount { get; init; }

    /// <summary>How many blocks hold data of files.</summary>
    public ulong DataBlockCount { get; init; }

    /// <summary>The volume's secret.</summary>
    public HashKey HashKey { get; init; }

    /// <summary>A volume without anything in it.</summary>
    public static VolumeState Empty(HashKey hashKey) => new() { NextInode = InodeNumber.Root, HashKey = hashKey };

    /// <summary>True if no tree is of this generation or a later one. No node is younger than its root.</summary>
    public bool IsOlderThan(ulong generation) =>
        SystemTree.Generation < generation && SharedExtentTree.Generation < generation && FileTree.Generation < generation;
}
