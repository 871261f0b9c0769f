using System.Text;
using Mono.Unix.Native;
using VfsBlock.Mounted.Tests;
using VfsBlock.TestKit;
using Xunit;

namespace Tmds.Fuse.Tests;

/// <summary>Every operation of the API, called through a mount.</summary>
public sealed class OperationTests : IDisposable
{
    private readonly Lazy<PathMount<MemoryPathFileSystem>> _mount = new(() => new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem()));

    private PathMount<MemoryPathFileSystem> Mount => _mount.Value;

    private MemoryPathFileSystem Files => Mount.Files;

    public void Dispose()
    {
        if (_mount.IsValueCreated)
        {
            _mount.Value.Dispose();
        }
    }

    [MountedFact]
    public void Create_WriteRead_GiveTheSameBytes()
    {
        byte[] bytes = new byte[3_000_001];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(Mount["a b ü"], bytes);
        Assert.Equal(bytes, File.ReadAllBytes(Mount["a b ü"]));
        Assert.Equal(bytes.Length, Posix.Stat(Mount["a b ü"]).st_size);
        Assert.Contains("Create /a b ü", Files.Calls);
        Posix.Fails(Errno.EEXIST, Syscall.open(Mount["a b ü"], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Fails(Errno.ENOENT, Syscall.open(Mount["absent"], OpenFlags.O_RDONLY));
        Posix.Fails(Errno.ENOTDIR, Syscall.open(Mount["a b ü/x"], OpenFlags.O_RDONLY));
    }

    [MountedFact]
    public void Open_Truncating_EmptiesTheFile()
    {
        Posix.Create(Mount["a"], 1, 2, 3);
        Posix.Close(Posix.Open(Mount["a"], OpenFlags.O_WRONLY | OpenFlags.O_TRUNC));
        Assert.Equal(0, Posix.Stat(Mount["a"]).st_size);
    }

    [MountedFact]
    public void Close_LastDescriptor_FlushesEachAndReleasesOnce()
    {
        int file = Posix.Open(Mount["a"], Posix.ReadWriteNew);
        int second = Posix.Ok(Syscall.dup(file));
        Posix.Close(second);
        Assert.Equal(1, Files.OpenCount);
        Posix.Close(file);
        Wait.Until(() => Files.OpenCount == 0);
        Assert.Equal(2, Files.Calls.Count(call => call == "Flush /a"));
        Assert.Single(Files.Calls, "Release /a");
    }

    [MountedFact]
    public void Fsync_FileAndDirectory_ReachTheFileSystem()
    {
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        int file = Posix.Open(Mount["d/a"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, [1]);
        Posix.Ok(Syscall.fsync(file));
        Posix.Ok(Syscall.fdatasync(file));
        Posix.Ok(Syscall.fsync(file));
        Posix.Close(file);
        int directory = Posix.Open(Mount["d"], OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Posix.Ok(Syscall.fsync(directory));
        Posix.Ok(Syscall.fdatasync(directory));
        Posix.Close(directory);
        Assert.Equal(3, Files.Calls.Count(call => call == "FSync:1 /d/a"));
        Assert.Contains("FSyncDir:False:4711 /d", Files.Calls);
        Assert.Contains("FSyncDir:True:4711 /d", Files.Calls);
        Wait.Until(() => Files.Calls.Contains("ReleaseDir:4711 /d"));
    }

    [MountedFact]
    public void Directories_MadeListedRemoved_AreThereAndGone()
    {
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(Mount["d/ä ö"], Posix.OwnerMayAll));
        Posix.Create(Mount["d/file"]);
        Assert.Equal(["file", "ä ö"], Posix.List(Mount["d"]));
        Assert.Equal(3u, Posix.Stat(Mount["d"]).st_nlink);
        Assert.Equal(FilePermissions.S_IFDIR | Posix.OwnerMayAll, Posix.Stat(Mount["d/ä ö"]).st_mode);
        Posix.Fails(Errno.EEXIST, Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Posix.Fails(Errno.ENOTEMPTY, Syscall.rmdir(Mount["d"]));
        Posix.Fails(Errno.EISDIR, Syscall.unlink(Mount["d"]));
        Posix.Ok(Syscall.unlink(Mount["d/file"]));
        Posix.Ok(Syscall.rmdir(Mount["d/ä ö"]));
        Posix.Ok(Syscall.rmdir(Mount["d"]));
        Assert.False(Posix.Exists(Mount["d"]));
        Assert.Empty(Posix.List(Mount.Root));
    }

    [MountedFact]
    public void Links_SymbolicAndHard_LeadToTheFile()
    {
        Posix.Create(Mount["a"], 1, 2, 3);
        string longest = new('t', 4095);
        Posix.Ok(Syscall.symlink("a", Mount["s"]));
        Posix.Ok(Syscall.symlink(longest, Mount["long"]));
        Posix.Ok(Syscall.link(Mount["a"], Mount["h"]));
        Assert.Equal("a", Posix.ReadLink(Mount["s"]));
        Assert.Equal(longest, Posix.ReadLink(Mount["long"]));
        Assert.Equal([1, 2, 3], Posix.ReadAll(Mount["h"]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Mount["s"]));
        Assert.Equal(2u, Posix.Stat(Mount["h"]).st_nlink);
        Posix.Ok(Syscall.unlink(Mount["a"]));
        Assert.Equal([1, 2, 3], Posix.ReadAll(Mount["h"]));
        Posix.Fails(Errno.EEXIST, Syscall.link(Mount["h"], Mount["s"]));
    }

    [MountedFact]
    public void Rename_WithFlags_DoesWhatTheyAsk()
    {
        Posix.Create(Mount["a"], 1);
        Posix.Create(Mount["b"], 2);
        Posix.Fails(Errno.EEXIST, Native.renameat2(Native.CurrentDirectory, Mount["a"], Native.CurrentDirectory, Mount["b"], Native.RenameNoReplace));
        Posix.Ok(Native.renameat2(Native.CurrentDirectory, Mount["a"], Native.CurrentDirectory, Mount["b"], Native.RenameExchange));
        Assert.Equal([2], Posix.ReadAll(Mount["a"]));
        Assert.Equal([1], Posix.ReadAll(Mount["b"]));
        Posix.Ok(Syscall.rename(Mount["a"], Mount["b"]));
        Assert.Equal([2], Posix.ReadAll(Mount["b"]));
        Assert.False(Posix.Exists(Mount["a"]));
        Posix.Ok(Native.renameat2(Native.CurrentDirectory, Mount["b"], Native.CurrentDirectory, Mount["c"], Native.RenameNoReplace));
        Assert.Equal(["c"], Posix.List(Mount.Root));
    }

    [MountedFact]
    public void Attributes_Changed_AreWhatWasSet()
    {
        Posix.Create(Mount["a"], 1, 2, 3, 4);
        Posix.Ok(Syscall.chmod(Mount["a"], FilePermissions.S_IRUSR | FilePermissions.S_IWUSR));
        Posix.Ok(Syscall.chown(Mount["a"], uint.MaxValue, Syscall.getegid()));
        Posix.Ok(Syscall.truncate(Mount["a"], 2));
        int file = Posix.Open(Mount["a"], OpenFlags.O_RDWR);
        Posix.Ok(Syscall.ftruncate(file, 3));
        Posix.Close(file);
        Assert.Equal([1, 2, 0], Posix.ReadAll(Mount["a"]));
        var past = new Timespec { tv_sec = -1, tv_nsec = 123_456_700 };
        Posix.Ok(Syscall.utimensat(Native.CurrentDirectory, Mount["a"], [past, new Timespec { tv_nsec = Syscall.UTIME_OMIT }], 0));
        Int128 before = Posix.Mtime(Mount["a"]);
        Stat stat = Posix.Stat(Mount["a"]);
        Assert.Equal((-1, 123_456_700), (stat.st_atime, stat.st_atime_nsec));
        Assert.Equal(FilePermissions.S_IFREG | FilePermissions.S_IRUSR | FilePermissions.S_IWUSR, stat.st_mode);
        Assert.Equal(Syscall.geteuid(), stat.st_uid);
        Posix.LetClockTick();
        Posix.Ok(Syscall.utimensat(
            Native.CurrentDirectory, Mount["a"], [new Timespec { tv_nsec = Syscall.UTIME_OMIT }, new Timespec { tv_nsec = Syscall.UTIME_NOW }], 0));
        Assert.True(Posix.Mtime(Mount["a"]) > before);
        Assert.Equal(-1, Posix.Stat(Mount["a"]).st_atime);
    }

    [MountedFact]
    public void Fallocate_Plain_Extends()
    {
        int file = Posix.Open(Mount["a"], Posix.ReadWriteNew);
        Posix.Ok(Native.fallocate(file, 0, 10, 90));
        Assert.Equal(100, Posix.Stat(Mount["a"]).st_size);
        Posix.Fails(Errno.EOPNOTSUPP, Native.fallocate(file, Native.KeepSize | Native.PunchHole, 0, 10));
        Posix.Close(file);
    }

    [MountedFact]
    public void AccessAndStatfs_Asked_AreAnsweredByTheFileSystem()
    {
        Posix.Create(Mount["a"]);
        Posix.Ok(Syscall.access(Mount["a"], AccessModes.R_OK));
        Assert.Contains("Access /a", Files.Calls);
        Posix.Ok(Syscall.statvfs(Mount.Root, out Statvfs space));
        Assert.Equal((4096ul, 1000ul, 600ul, 500ul, 70ul, 60ul, 200ul),
            (space.f_frsize, space.f_blocks, space.f_bfree, space.f_bavail, space.f_files, space.f_ffree, space.f_namemax));
    }

    [MountedFact]
    public void Xattrs_SetListedRemoved_AreKept()
    {
        Posix.Create(Mount["a"]);
        byte[] value = Encoding.UTF8.GetBytes("värde");
        Posix.Ok(Syscall.setxattr(Mount["a"], "user.one", value, XattrFlags.XATTR_CREATE));
        Posix.Ok(Syscall.setxattr(Mount["a"], "user.two", [], XattrFlags.XATTR_AUTO));
        Posix.Fails(Errno.EEXIST, Syscall.setxattr(Mount["a"], "user.one", value, XattrFlags.XATTR_CREATE));
        Assert.Equal(value.Length, Posix.Ok(Syscall.getxattr(Mount["a"], "user.one", out byte[] read)));
        Assert.Equal(value, read);
        Posix.Fails(Errno.ENODATA, Syscall.getxattr(Mount["a"], "user.none", out _));
        Posix.Fails(Errno.ERANGE, Syscall.getxattr(Mount["a"], "user.one", new byte[2], 2));
        Posix.Ok(Syscall.listxattr(Mount["a"], out string[] names));
        Assert.Equal(["user.one", "user.two"], names.Order());
        Posix.Ok(Syscall.removexattr(Mount["a"], "user.one"));
        Posix.Fails(Errno.ENODATA, Syscall.removexattr(Mount["a"], "user.one"));
    }

    [MountedFact]
    public void MkNod_RegularFile_IsMadeAndClosed()
    {
        Posix.Ok(Syscall.mknod(Mount["a"], FilePermissions.S_IFREG | Posix.PublicFile, 0));
        Assert.True(Posix.Exists(Mount["a"]));
        Assert.Equal(0, Files.OpenCount);
        Posix.Fails(Errno.EPERM, Syscall.mknod(Mount["f"], FilePermissions.S_IFIFO | Posix.PublicFile, 0));
    }

    [MountedFact]
    public void List_TenThousandEntries_GivesEachOnce()
    {
        const int Count = 10_000;
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        List<string> expected = [.. Enumerable.Range(0, Count).Select(number => $"an entry with a long name, number {number:d5}")];
        expected.ForEach(name => Files.Put($"/d/{name}", []));
        Assert.Equal(expected, Posix.List(Mount["d"]));
    }

    [MountedFact]
    public void List_RewoundAndSought_GoesOnFromThere()
    {
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        for (int number = 0; number < 200; number++)
        {
            Files.Put($"/d/{number:d3}", []);
        }

        nint directory = Syscall.opendir(Mount["d"]);
        for (int index = 0; index < 52; index++)
        {
            Assert.NotNull(Syscall.readdir(directory));
        }

        long position = Posix.Ok(Syscall.telldir(directory));
        Files.Put("/d/000a", []);
        Assert.Equal("050", Syscall.readdir(directory).d_name);
        Posix.Ok(Syscall.seekdir(directory, position));
        Assert.Equal("050", Syscall.readdir(directory).d_name);
        Posix.Ok(Syscall.rewinddir(directory));
        var names = new List<string>();
        for (Dirent? entry = Syscall.readdir(directory); entry is not null; entry = Syscall.readdir(directory))
        {
            names.Add(entry.d_name);
        }

        Posix.Ok(Syscall.closedir(directory));
        Assert.Equal(203, names.Count);
        Assert.Contains("000a", names);
    }
}
