namespace VfsBlock.TestKit;

/// <summary>A directory of the test's own under the system's temporary folder, removed with all in it on dispose.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Makes an empty directory.</summary>
    /// <param name="parent">Where; the system's temporary folder unless told (a tmpfs or another disk, say).</param>
    public TempDirectory(string? parent = null)
    {
        parent ??= System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(parent, $"vfsblock-test-{Environment.ProcessId}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>The path of <paramref name="name"/> inside the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
