using VfsBlock.Fuse;
using VfsBlock.TestKit;

namespace VfsBlock.Mounted.Tests;

/// <summary>A directory to mount on. Whatever a failed test left mounted there is gone after dispose.</summary>
internal sealed class MountDirectory : IDisposable
{
    private readonly TempDirectory _directory = new();

    /// <param name="name">The mount point's own name inside the temporary directory.</param>
    public MountDirectory(string name = "mnt")
    {
        Path = _directory.File(name);
        Directory.CreateDirectory(Path);
    }

    /// <summary>The mount point.</summary>
    public string Path { get; }

    /// <summary>What stands on it now, or null.</summary>
    public MountEntry? Entry => MountTable.Find(Path);

    public void Dispose()
    {
        while (Entry is not null && MountPoint.Unmount(Path, lazy: true, out _) == Interop.Errno.None)
        {
        }

        Xunit.Assert.Null(Entry);
        _directory.Dispose();
    }
}
