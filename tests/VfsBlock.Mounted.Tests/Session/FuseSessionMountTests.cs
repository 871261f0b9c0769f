using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Sessions over real mounts, whichever way this user can mount.</summary>
public sealed class FuseSessionMountTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [MountedFact]
    public void Mount_OneFile_IsListedStattedAndRead()
    {
        using var directory = new MountDirectory();
        var fileSystem = new OneFileSystem();
        using (FuseSession session = FuseSession.Mount(fileSystem, directory.Path))
        {
            string path = Path.Combine(directory.Path, OneFileSystem.FileName);
            Assert.Equal([path], Directory.GetFiles(directory.Path));
            Assert.Equal(OneFileSystem.FileBytes, new FileInfo(path).Length);
            byte[] bytes = File.ReadAllBytes(path);
            Assert.Equal(Enumerable.Range(0, OneFileSystem.FileBytes).Select(index => (byte)index), bytes);
            Assert.False(File.Exists(Path.Combine(directory.Path, "other")));
            Assert.Equal(session.Agreement, fileSystem.Agreement);
            Assert.InRange(session.Agreement.Minor, 12u, FuseProtocol.Minor);
        }

        Assert.Null(directory.Entry);
        Assert.Equal(1, fileSystem.StoppedCount);
    }

    [MountedFact]
    public void Unmount_FromOutside_EndsTheSession()
    {
        using var directory = new MountDirectory();
        var fileSystem = new OneFileSystem();
        using FuseSession session = FuseSession.Mount(fileSystem, directory.Path);
        Assert.False(session.WaitForUnmount(TimeSpan.Zero));
        Assert.Equal(Errno.None, MountPoint.Unmount(directory.Path, lazy: false, out _));
        Assert.True(session.WaitForUnmount(_patience));
        Assert.Equal(1, fileSystem.StoppedCount);
        Assert.Null(session.Failure);
    }
}
