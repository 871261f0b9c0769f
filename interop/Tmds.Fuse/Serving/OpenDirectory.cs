namespace Tmds.Fuse;

/// <summary>An open directory: the file system's handle and the listing being read. Its own lock guards the listing.</summary>
internal sealed class OpenDirectory(ulong fileSystemHandle)
{
    /// <summary>What the file system calls it.</summary>
    public ulong FileSystemHandle => fileSystemHandle;

    /// <summary>The names; empty before the first read.</summary>
    public DirectoryListing Listing { get; } = new();
}
