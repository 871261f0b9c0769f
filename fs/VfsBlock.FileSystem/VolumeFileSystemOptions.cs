namespace VfsBlock.FileSystem;

/// <summary>What may be chosen about a <see cref="VolumeFileSystem"/>.</summary>
public sealed record VolumeFileSystemOptions
{
    /// <summary>True if reading records access times by the rule of relatime (mount(8)); false for noatime.</summary>
    public bool KeepsAccessTimes { get; init; } = true;

    /// <summary>True if listing records the access times of directories too; false for nodiratime.</summary>
    public bool KeepsDirectoryAccessTimes { get; init; } = true;
}
