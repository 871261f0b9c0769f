using Mono.Unix.Native;
using VfsBlock.MemoryFileSystem;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>What happens at the limits that a memory file system can be given.</summary>
public sealed class MemoryLimitTests
{
    [MountedFact]
    public void Write_NoRoomLeft_IsEnospcAndStatfsSaysSo()
    {
        const int Limit = 64 * 4096;
        using var mount = new MemoryMount(new MemoryFileSystemOptions { SizeLimitBytes = Limit });
        Posix.Ok(Syscall.statvfs(mount.Root, out Statvfs before));
        Assert.Equal(64ul, before.f_blocks);
        Assert.Equal(64ul, before.f_bavail);
        Assert.Equal(255ul, before.f_namemax);
        int file = Posix.Open(mount["f"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, new byte[Limit]);
        Posix.Ok(Syscall.statvfs(mount.Root, out Statvfs full));
        Assert.Equal(0ul, full.f_bfree);
        Posix.Fails(Errno.ENOSPC, WriteOne(file, Limit));
        Posix.Fails(Errno.ENOSPC, Native.fallocate(file, 0, Limit, 4096));
        Posix.WriteAt(file, 100, [1]);
        Posix.Close(file);
        Posix.Ok(Native.truncate(mount["f"], 4096));
        Posix.Ok(Syscall.statvfs(mount.Root, out Statvfs after));
        Assert.Equal(63ul, after.f_bfree);
    }

    [MountedFact]
    public void Create_NoNodeLeft_IsEnospc()
    {
        using var mount = new MemoryMount(new MemoryFileSystemOptions { NodeLimit = 3 });
        Posix.Create(mount["a"]);
        Posix.Ok(Syscall.mkdir(mount["b"], Posix.PublicDirectory));
        Posix.Fails(Errno.ENOSPC, Syscall.open(mount["c"], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Fails(Errno.ENOSPC, Syscall.mkdir(mount["c"], Posix.PublicDirectory));
        Posix.Ok(Syscall.statvfs(mount.Root, out Statvfs full));
        Assert.Equal(0ul, full.f_ffree);
        Posix.Ok(Syscall.link(mount["a"], mount["c"]));
    }

    [MountedFact]
    public void Link_MoreThanTheLimit_IsEmlink()
    {
        using var mount = new MemoryMount(new MemoryFileSystemOptions { LinkLimit = 4 });
        Posix.Create(mount["f"]);
        Posix.Ok(Syscall.link(mount["f"], mount["2"]));
        Posix.Ok(Syscall.link(mount["f"], mount["3"]));
        Posix.Ok(Syscall.link(mount["f"], mount["4"]));
        Posix.Fails(Errno.EMLINK, Syscall.link(mount["f"], mount["5"]));
        Posix.Ok(Syscall.mkdir(mount["d1"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(mount["d2"], Posix.PublicDirectory));
        Posix.Fails(Errno.EMLINK, Syscall.mkdir(mount["d3"], Posix.PublicDirectory));
    }

    [MountedFact]
    public void Rename_DirectoryInAFullParent_IsNoNewLinkUnlessItComesFromElsewhere()
    {
        using var mount = new MemoryMount(new MemoryFileSystemOptions { LinkLimit = 3 });
        Posix.Ok(Syscall.mkdir(mount["a"], Posix.PublicDirectory));
        Posix.Ok(Stdlib.rename(mount["a"], mount["b"]));
        Posix.Ok(Syscall.mkdir(mount["b/c"], Posix.PublicDirectory));
        Posix.Fails(Errno.EMLINK, Stdlib.rename(mount["b/c"], mount["c"]));
    }

    [MountedFact]
    public void Rename_ExchangeThatGivesAFullParentADirectory_IsRefused()
    {
        using var mount = new MemoryMount(new MemoryFileSystemOptions { LinkLimit = 4 });
        int Exchange(string one, string other) =>
            Native.renameat2(Native.CurrentDirectory, mount[one], Native.CurrentDirectory, mount[other], Native.RenameExchange);
        Posix.Ok(Syscall.mkdir(mount["a"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(mount["b"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(mount["a/c"], Posix.PublicDirectory));
        Posix.Create(mount["f"]);
        Posix.Create(mount["a/f"]);

        // The root is full: a third directory would be a fifth link.
        Posix.Fails(Errno.EMLINK, Exchange("a/c", "f"));
        Posix.Fails(Errno.EMLINK, Exchange("f", "a/c"));
        Assert.Equal(4ul, Posix.Stat(mount.Root).st_nlink);

        // A directory for a directory, or a place in the same parent, gives it no link more.
        Posix.Ok(Exchange("a/c", "b"));
        Posix.Ok(Exchange("a", "f"));
        Posix.Ok(Exchange("f/f", "b"));
        Assert.Equal(3ul, Posix.Stat(mount.Root).st_nlink);
        Assert.Equal(4ul, Posix.Stat(mount["f"]).st_nlink);
    }

    [MountedFact]
    public void Read_NoAccessTimesKept_LeavesAtime()
    {
        using var mount = new MemoryMount(new MemoryFileSystemOptions { KeepsAccessTimes = false });
        Assert.False(AccessTimes.ReadMovesAtime(mount));
    }

    private static unsafe long WriteOne(int file, long offset)
    {
        byte one = 1;
        return Syscall.pwrite(file, &one, 1, offset);
    }
}
