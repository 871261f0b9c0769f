using System.Diagnostics;
using Mono.Unix.Native;
using Tmds.Linux;
using VfsBlock.Fuse;
using VfsBlock.Mounted.Tests;
using VfsBlock.TestKit;
using Xunit;

namespace Tmds.Fuse.Tests;

/// <summary>Mounting and unmounting through the package's API.</summary>
public sealed class MountTests
{
    private const int PatienceMs = 60_000;

    [MountedFact]
    public void Mount_Hello_IsListedAndRead()
    {
        using var mount = new PathMount<HelloFileSystem>(new HelloFileSystem());
        Assert.Equal(["hello"], Posix.List(mount.Root));
        Assert.Equal("hello, world\n", File.ReadAllText(mount["hello"]));
        Posix.Fails(Errno.ENOENT, Syscall.open(mount["other"], OpenFlags.O_RDONLY));
        Posix.Fails(Errno.EPERM, Syscall.open(mount["new"], Posix.ReadWriteNew, Posix.PublicFile));
    }

    [Fact]
    public void Mount_NoSuchDirectory_ThrowsAndDisposesTheFileSystem()
    {
        using var files = new MemoryPathFileSystem();
        FuseException exception = Assert.Throws<FuseException>(() => Fuse.Mount("/no/such directory", files));
        Assert.Contains("/no/such directory", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, files.DisposeCount);
    }

    [Fact]
    public void Mount_UnknownOption_ThrowsAndDisposesTheFileSystem()
    {
        using var files = new MemoryPathFileSystem();
        using var directory = new MountDirectory();
        FuseException exception = Assert.Throws<FuseException>(
            () => Fuse.Mount(directory.Path, files, new MountOptions { Options = "allow_everything" }));
        Assert.Contains("'allow_everything'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, files.DisposeCount);
    }

    [MountedFact]
    public async Task UnmountAsync_NothingOpen_DisposesTheFileSystemOnce()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem());
        Task ended = mount.Mount.WaitForUnmountAsync();
        Assert.False(ended.IsCompleted);
        Assert.True(await mount.Mount.UnmountAsync(PatienceMs));
        Assert.True(ended.IsCompletedSuccessfully);
        Assert.Null(mount.Entry);
        Assert.True(await mount.Mount.UnmountAsync());
        Assert.Equal(1, mount.Files.DisposeCount);
    }

    [MountedFact]
    public async Task UnmountAsync_FileOpen_GivesUpAndSucceedsAfterTheClose()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem());
        int file = Posix.Open(mount["a"], Posix.ReadWriteNew);
        Assert.False(await mount.Mount.UnmountAsync(50));
        Assert.Null(mount.Entry);
        Assert.Equal(0, mount.Files.DisposeCount);
        Posix.WriteAt(file, 0, [1, 2]);
        Assert.Equal([1, 2], Posix.ReadAt(file, 0, 5));
        Posix.Close(file);
        Assert.True(await mount.Mount.UnmountAsync(PatienceMs));
        Assert.Equal(1, mount.Files.DisposeCount);
    }

    [MountedFact]
    public async Task UnmountAsync_OperationUnderWay_EndsAfterItsAnswer()
    {
        using var mount = new PathMount<WaitingFileSystem>(new WaitingFileSystem());
        long read = 0;
        var reader = new Thread(() => read = ReadOne(mount["a"]));
        reader.Start();
        Assert.True(mount.Files.Arrived.Wait(PatienceMs));
        Assert.False(await mount.Mount.UnmountAsync(50));
        Assert.Equal(0, mount.Files.DisposeCount);
        mount.Files.Gate.Set();
        reader.Join();
        Assert.Equal(1, read);
        Assert.True(await mount.Mount.UnmountAsync(PatienceMs));
        Assert.Equal(1, mount.Files.DisposeCount);
    }

    [DirectMountFact]
    public async Task WaitForUnmountAsync_SessionFailed_ThrowsWhy()
    {
        const string ControlRoot = "/sys/fs/fuse/connections";
        bool hadControl = MountTable.Find(ControlRoot) is not null;
        using var directory = new MountDirectory();
        using var files = new MemoryPathFileSystem();
        FuseSession session = FuseSession.Mount(new PathFileSystem(files, new PathOptions()), directory.Path);
        using var mount = new ServedMount(session, files);
        session.Fail("on purpose", null);
        FuseException exception = await Assert.ThrowsAsync<FuseException>(mount.WaitForUnmountAsync);
        Assert.Contains("on purpose", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, files.DisposeCount);
        if (!hadControl)
        {
            // Mounted to cut the connection; this machine did without.
            MountPoint.Unmount(ControlRoot, lazy: true, out _);
        }
    }

    [MountedFact]
    public void LazyUnmount_ByPathWithSpaces_EndsTheMount()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem());
        Fuse.LazyUnmount(mount.Root);
        Assert.True(mount.Mount.WaitForUnmountAsync().Wait(PatienceMs));
        Assert.Null(mount.Entry);
        Assert.Equal(1, mount.Files.DisposeCount);
    }

    [MountedFact]
    public void Options_OfTheMount_AreInForce()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(
            new MemoryPathFileSystem(), new MountOptions { Options = "ro,noexec,fsname=my files,subtype=sample" });
        Assert.Equal(("my files", "fuse.sample"), (mount.Entry!.Source, mount.Entry.Type));
        Posix.Fails(Errno.EROFS, Syscall.mkdir(mount["d"], Posix.PublicDirectory));
    }

    [MountedFact]
    public void Options_NoneGiven_ShowThePackagesName()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem());
        Assert.Equal(("Tmds.Fuse", "fuse"), (mount.Entry!.Source, mount.Entry.Type));
    }

    [FusermountFact]
    public void Options_AutoUnmount_GoesThroughFusermount()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem(), new MountOptions { Options = "auto_unmount" });
        Posix.Create(mount["a b"], 1);
        Assert.Equal([1], Posix.ReadAll(mount["a b"]));
    }

    [MountedFact]
    public void Options_UseIno_ShowsTheFileSystemsNumbers()
    {
        using var mount = new PathMount<NumberedFileSystem>(new NumberedFileSystem(), new MountOptions { Options = "use_ino" });
        Assert.Equal(123456ul, Posix.Stat(mount["any"]).st_ino);
        using var plain = new PathMount<NumberedFileSystem>(new NumberedFileSystem());
        Assert.NotEqual(123456ul, Posix.Stat(plain["any"]).st_ino);
    }

    [MountedFact]
    public void Exception_InAnOperation_IsEioAndOneLine()
    {
        var log = new LogRecorder();
        using var mount = new PathMount<ThrowingFileSystem>(new ThrowingFileSystem(), new MountOptions { Logger = log });
        Posix.Fails(Errno.EIO, Syscall.mkdir(mount["d"], Posix.PublicDirectory));
        mount.End();
        Assert.Single(log.Messages, message => message.Contains("threw", StringComparison.Ordinal));
    }

    [MountedFact]
    public void SupportsMultiThreading_False_RunsOneOperationAtATime()
    {
        Assert.Equal(1, MostAtOnce(new CountingFileSystem(isParallel: false), null));
        Assert.Equal(1, MostAtOnce(new CountingFileSystem(isParallel: true), new MountOptions { SingleThread = true }));
    }

    [MountedFact]
    public void SupportsMultiThreading_True_RunsSeveralOperationsAtOnce()
    {
        var files = new CountingFileSystem(isParallel: true) { Meeting = new Barrier(3) };
        Assert.Equal(3, MostAtOnce(files, null));
    }

    [MountedFact]
    public void CheckDependencies_WhereWeCanMount_IsTrue()
    {
        Assert.True(Fuse.CheckDependencies());
        Assert.Contains("fuse3", Fuse.InstallationInstructions, StringComparison.Ordinal);
    }

    private static int MostAtOnce(CountingFileSystem files, MountOptions? options)
    {
        using var mount = new PathMount<CountingFileSystem>(files, options);
        Thread[] callers = [.. Enumerable.Range(0, 3).Select(number => new Thread(() => Syscall.lstat(mount[$"f{number}"], out _)))];
        Array.ForEach(callers, thread => thread.Start());
        Array.ForEach(callers, thread => thread.Join());
        return files.MostAtOnce;
    }

    private static unsafe long ReadOne(string path)
    {
        int file = Syscall.open(path, OpenFlags.O_RDONLY);
        byte one;
        long read = Syscall.read(file, &one, 1);
        Syscall.close(file);
        return read;
    }

    private sealed class WaitingFileSystem : MemoryPathFileSystem
    {
        public WaitingFileSystem() => Put("/a", "x"u8);

        public ManualResetEventSlim Arrived { get; } = new();

        public ManualResetEventSlim Gate { get; } = new();

        public override int Read(ReadOnlySpan<byte> path, ulong offset, Span<byte> buffer, ref FuseFileInfo fi)
        {
            Arrived.Set();
            Gate.Wait(PatienceMs);
            return base.Read(path, offset, buffer, ref fi);
        }
    }

    private sealed class NumberedFileSystem : FuseFileSystemBase
    {
        public override int GetAttr(ReadOnlySpan<byte> path, ref stat stat, FuseFileInfoRef fiRef)
        {
            stat.st_ino = 123456;
            stat.st_mode = (path.SequenceEqual(RootPath) ? LibC.S_IFDIR : LibC.S_IFREG) | 0b111_101_101;
            stat.st_nlink = 1;
            return 0;
        }
    }

    private sealed class ThrowingFileSystem : MemoryPathFileSystem
    {
        public override int MkDir(ReadOnlySpan<byte> path, mode_t mode) => throw new UnreachableException("on purpose");
    }

    private sealed class CountingFileSystem(bool isParallel) : FuseFileSystemBase
    {
        private int _nowCount;
        private int _mostAtOnce;

        public Barrier? Meeting { get; init; }

        public int MostAtOnce => _mostAtOnce;

        public override bool SupportsMultiThreading => isParallel;

        public override int GetAttr(ReadOnlySpan<byte> path, ref stat stat, FuseFileInfoRef fiRef)
        {
            int now = Interlocked.Increment(ref _nowCount);
            lock (this)
            {
                _mostAtOnce = Math.Max(_mostAtOnce, now);
            }

            if (path.StartsWith("/f"u8))
            {
                Meeting?.SignalAndWait(PatienceMs);
            }

            Thread.Yield();
            Interlocked.Decrement(ref _nowCount);
            stat.st_mode = (path.SequenceEqual(RootPath) ? LibC.S_IFDIR : LibC.S_IFREG) | 0b111_101_101;
            stat.st_nlink = 1;
            return 0;
        }
    }
}
