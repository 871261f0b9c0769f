using VfsBlock.Mounted.Tests;

namespace Tmds.Fuse.Tests;

/// <summary>A file system mounted through the package's API for one test, in a directory whose name has spaces.</summary>
internal sealed class PathMount<T> : IDisposable
    where T : IFuseFileSystem
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly MountDirectory _directory = new("a mount point, with spaces");

    public PathMount(T files, MountOptions? options = null)
    {
        Files = files;
        Mount = Fuse.Mount(_directory.Path, files, options);
    }

    public T Files { get; }

    public IFuseMount Mount { get; }

    /// <summary>The mount point.</summary>
    public string Root => _directory.Path;

    /// <summary>What mountinfo says of the mount point now.</summary>
    public VfsBlock.Fuse.MountEntry? Entry => _directory.Entry;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Unmounts and waits until the file system is disposed.</summary>
    public void End()
    {
        Mount.Dispose();
        Xunit.Assert.True(Mount.WaitForUnmountAsync().Wait(_patience), "the mount does not end");
    }

    public void Dispose()
    {
        try
        {
            End();
        }
        finally
        {
            _directory.Dispose();
        }
    }
}
