namespace VfsBlock.MemoryFileSystem;

/// <summary>What may be chosen about a <see cref="MemoryFileSystem"/>.</summary>
public sealed record MemoryFileSystemOptions
{
    /// <summary>Bytes of file data that fit; a write beyond that gets ENOSPC. Half of the memory unless told, as tmpfs(5).</summary>
    public long SizeLimitBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>Nodes that fit, the root included; one more gets ENOSPC.</summary>
    public long NodeLimit { get; init; } = 16_000_000;

    /// <summary>The most names a node may have, and 2 more than the most subdirectories; one more gets EMLINK.</summary>
    public uint LinkLimit { get; init; } = 65_000;

    /// <summary>True if reading sets atime by the rule of relatime (mount(8)); false for noatime.</summary>
    public bool KeepsAccessTimes { get; init; } = true;

    /// <summary>Owner of the root directory.</summary>
    public uint RootUserId { get; init; }

    /// <summary>Group of the root directory.</summary>
    public uint RootGroupId { get; init; }

    /// <summary>Permission bits of the root directory.</summary>
    public uint RootPermissions { get; init; } = 0x1ED;
}
