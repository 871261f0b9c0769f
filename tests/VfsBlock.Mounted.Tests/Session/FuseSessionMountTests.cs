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

    [MountedFact]
    public void Stop_FileOpen_DetachesAndEndsWithTheLastClose()
    {
        using var directory = new MountDirectory();
        var fileSystem = new OneFileSystem();
        using FuseSession session = FuseSession.Mount(fileSystem, directory.Path);
        using (FileStream stream = File.OpenRead(Path.Combine(directory.Path, OneFileSystem.FileName)))
        {
            session.Stop();
            Assert.Null(directory.Entry);
            Assert.False(session.WaitForUnmount(TimeSpan.FromMilliseconds(100)));
            stream.Position = 200_000;
            Assert.Equal((byte)(200_000 & 0xff), stream.ReadByte());
        }

        Assert.True(session.WaitForUnmount(_patience));
        Assert.Equal(1, fileSystem.StoppedCount);
    }

    [MountedFact]
    public void Read_Deferred_IsAnsweredFromAnotherThread()
    {
        using var directory = new MountDirectory();
        using var fileSystem = new LateFileSystem();
        using FuseSession session = FuseSession.Mount(fileSystem, directory.Path);
        string path = Path.Combine(directory.Path, OneFileSystem.FileName);
        byte[] expected = [.. Enumerable.Range(0, OneFileSystem.FileBytes).Select(index => (byte)index)];
        Task<byte[]>[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () => File.ReadAllBytes(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Assert.All(readers, reader => Assert.Equal(expected, reader.Result));
        Assert.True(fileSystem.LateCount > 0);
    }

    [MountedFact]
    public void InvalidateAttributes_AfterAChange_MakesTheKernelAskAgain()
    {
        using var directory = new MountDirectory();
        var fileSystem = new OneFileSystem { AttrSeconds = 100_000 };
        using FuseSession session = FuseSession.Mount(fileSystem, directory.Path);
        string path = Path.Combine(directory.Path, OneFileSystem.FileName);

        // An open file stays in the kernel's caches whatever happens on this machine.
        using FileStream stream = File.OpenRead(path);
        Assert.Equal(OneFileSystem.FileBytes, new FileInfo(path).Length);
        fileSystem.Length = 5;
        Assert.Equal(OneFileSystem.FileBytes, new FileInfo(path).Length);
        Assert.Equal(Errno.None, session.Notifier.InvalidateAttributes(new NodeId(2)));
        Assert.Equal(5, new FileInfo(path).Length);
        Assert.Equal(Errno.ENOENT, session.Notifier.InvalidateAttributes(new NodeId(999)));
        Assert.Equal(Errno.None, session.Notifier.InvalidateEntry(NodeId.Root, "file"u8));
        Assert.Equal(5, new FileInfo(path).Length);
    }

    [MountedFact]
    public void StoreAndRetrieve_CachedData_GoThroughTheKernel()
    {
        using var directory = new MountDirectory();
        var fileSystem = new OneFileSystem { AttrSeconds = 100_000 };
        using FuseSession session = FuseSession.Mount(fileSystem, directory.Path);
        string path = Path.Combine(directory.Path, OneFileSystem.FileName);
        using FileStream stream = File.OpenRead(path);
        byte[] page = new byte[4096];
        Array.Fill(page, (byte)0xee);
        byte[] retrieved = new byte[4096];
        IoResult result = default;
        for (int attempt = 0; attempt < 20 && result.Bytes == 0; attempt++)
        {
            // A machine short of memory may drop the page between the two calls.
            Assert.Equal(Errno.None, session.Notifier.Store(new NodeId(2), 0, page));
            result = session.Notifier.Retrieve(new NodeId(2), 0, retrieved, _patience);
        }

        Assert.Equal(IoResult.Ok(4096), result);
        Assert.Equal(page, retrieved);
    }

    [MountedFact]
    public void Failure_StartRefused_LeavesNothingMounted()
    {
        using var directory = new MountDirectory();
        Assert.ThrowsAny<Exception>(() => FuseSession.Mount(new UnwillingFileSystem(), directory.Path).Dispose());
        Assert.Null(directory.Entry);
    }

    [DirectMountFact]
    public void Failure_StartRefusedAfterTheMount_LeavesNothingMounted()
    {
        using var directory = new MountDirectory();
        var mounter = new FuseMounter { UseSyncInit = false };
        Assert.Throws<FuseMountException>(() => FuseSession.Mount(new UnwillingFileSystem(), directory.Path, mounter: mounter));
        Assert.Null(directory.Entry);
    }

    [DirectMountFact]
    public void Unmount_WhileInitIsBeingAnswered_EndsTheSession()
    {
        using var directory = new MountDirectory();
        var mounter = new FuseMounter { UseSyncInit = false };
        var fileSystem = new UnmountingFileSystem(directory.Path);
        using FuseSession session = FuseSession.Mount(fileSystem, directory.Path, mounter: mounter);
        Assert.True(session.WaitForUnmount(_patience));
        Assert.Equal(Errno.None, fileSystem.Unmounted);
        Assert.Equal(1, fileSystem.StoppedCount);
        Assert.Null(directory.Entry);
    }

    /// <summary>Is unmounted by somebody else before it has started.</summary>
    private sealed class UnmountingFileSystem(string path) : OneFileSystem
    {
        public Errno Unmounted { get; private set; }

        public override void Started(FuseAgreement agreement)
        {
            var thread = new Thread(() => Unmounted = MountPoint.Unmount(path, lazy: true, out _)) { IsBackground = true };
            thread.Start();
            Assert.True(thread.Join(_patience), "the unmount hangs");
        }
    }

    private sealed class UnwillingFileSystem : OneFileSystem
    {
        public override void Started(FuseAgreement agreement) => throw new InvalidDataException("on purpose");
    }
}
