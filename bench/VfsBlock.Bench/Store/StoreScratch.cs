namespace VfsBlock.Bench;

/// <summary>A directory of the bench's own on the disk to be measured; goes with all that is in it.</summary>
internal sealed class StoreScratch : IDisposable
{
    public StoreScratch(string parent)
    {
        DirectoryPath = Path.Combine(Path.GetFullPath(parent), $"vfsblock-bench-{Guid.NewGuid():N}");
        Directory.CreateDirectory(DirectoryPath);
    }

    public string DirectoryPath { get; }

    /// <summary>A name in the directory.</summary>
    public string PathOf(string name) => Path.Combine(DirectoryPath, name);

    public void Dispose() => Directory.Delete(DirectoryPath, recursive: true);
}
