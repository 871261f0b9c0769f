using VfsBlock.Fuse;
using VfsBlock.MemoryFileSystem;
using VfsBlock.TestKit;

namespace VfsBlock.Mounted.Tests;

/// <summary>A memory file system, mounted on a directory of the test's own and served by this process.</summary>
public sealed class MemoryMount : ITestMount
{
    private readonly TempDirectory _directory = new();
    private readonly FuseSession _session;

    /// <summary>Mounts one without particular limits.</summary>
    public MemoryMount()
        : this(null)
    {
    }

    /// <summary>Mounts; set-user-id bits and devices mean something if root does it.</summary>
    public MemoryMount(MemoryFileSystemOptions? options, string mountOptions = "")
    {
        string privileged = MountSupport.MayMount ? ",allow_other,suid,dev" : "";
        FileSystem = new MemoryFileSystem.MemoryFileSystem((options ?? new MemoryFileSystemOptions()) with
        {
            RootUserId = Mono.Unix.Native.Syscall.geteuid(),
            RootGroupId = Mono.Unix.Native.Syscall.getegid(),
        });
        _session = FuseSession.Mount(
            FileSystem, Root, MountOptionParser.Parse($"fsname=memory,default_permissions{privileged},{mountOptions}").RefuseUnknown());
    }

    public MemoryFileSystem.MemoryFileSystem FileSystem { get; }

    public string Root => _directory.Path;

    public long InodeCount => FileSystem.NodeCount;

    public long UsedBytes => FileSystem.UsedBytes;

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose()
    {
        _session.Dispose();
        FileSystem.Dispose();
        _directory.Dispose();
    }
}
