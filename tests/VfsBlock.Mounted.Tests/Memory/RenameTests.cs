using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>rename(2) and renameat2(2): what moves, what is replaced, and what is refused.</summary>
public sealed class RenameTests : IDisposable
{
    private readonly MemoryMount _mount = new();

    public void Dispose() => _mount.Dispose();

    [MountedFact]
    public void Rename_FileOverFile_ReplacesIt()
    {
        Posix.Create(_mount["a"], 1);
        Posix.Create(_mount["b"], 2);
        ulong inode = Posix.Stat(_mount["a"]).st_ino;
        Posix.Ok(Stdlib.rename(_mount["a"], _mount["b"]));
        Assert.Equal(inode, Posix.Stat(_mount["b"]).st_ino);
        Assert.Equal<byte>([1], Posix.ReadAll(_mount["b"]));
        Assert.Equal(["b"], Posix.List(_mount.Root));
    }

    [MountedFact]
    public void Rename_DirectoryInAFullParent_IsNoNewLinkUnlessItComesFromElsewhere()
    {
        using var mount = new MemoryMount(new MemoryFileSystem.MemoryFileSystemOptions { LinkLimit = 3 });
        Posix.Ok(Syscall.mkdir(mount["a"], Posix.PublicDirectory));
        Posix.Ok(Stdlib.rename(mount["a"], mount["b"]));
        Posix.Ok(Syscall.mkdir(mount["b/c"], Posix.PublicDirectory));
        Posix.Fails(Errno.EMLINK, Stdlib.rename(mount["b/c"], mount["c"]));
    }

    [MountedFact]
    public void Rename_FileOverOpenFile_LeavesTheOpenOneReadable()
    {
        Posix.Create(_mount["a"], 1);
        Posix.Create(_mount["b"], 2);
        int replaced = Posix.Open(_mount["b"], OpenFlags.O_RDWR);
        Posix.Ok(Stdlib.rename(_mount["a"], _mount["b"]));
        Posix.WriteAt(replaced, 1, [3]);
        Assert.Equal<byte>([2, 3], Posix.ReadAt(replaced, 0, 10));
        Posix.Ok(Syscall.fstat(replaced, out Stat stat));
        Assert.Equal(0ul, stat.st_nlink);
        Posix.Close(replaced);
    }

    [MountedFact]
    public void Rename_DirectoryToAnotherParent_MovesItsLinks()
    {
        Posix.Ok(Syscall.mkdir(_mount["from"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(_mount["to"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(_mount["from/d"], Posix.PublicDirectory));
        Posix.Create(_mount["from/d/f"], 7);
        Posix.Ok(Stdlib.rename(_mount["from/d"], _mount["to/e"]));
        Assert.Equal(2ul, Posix.Stat(_mount["from"]).st_nlink);
        Assert.Equal(3ul, Posix.Stat(_mount["to"]).st_nlink);
        Assert.Equal(Posix.Stat(_mount["to"]).st_ino, Posix.Stat(_mount["to/e/.."]).st_ino);
        Assert.Equal<byte>([7], Posix.ReadAll(_mount["to/e/f"]));
    }

    [MountedFact]
    public void Rename_WrongKindOrFullOrInside_IsRefused()
    {
        Posix.Create(_mount["f"]);
        Posix.Ok(Syscall.mkdir(_mount["empty"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(_mount["full"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(_mount["full/d"], Posix.PublicDirectory));
        Posix.Fails(Errno.EISDIR, Stdlib.rename(_mount["f"], _mount["empty"]));
        Posix.Fails(Errno.ENOTDIR, Stdlib.rename(_mount["empty"], _mount["f"]));
        Posix.Fails(Errno.ENOTEMPTY, Stdlib.rename(_mount["empty"], _mount["full"]));
        Posix.Fails(Errno.EINVAL, Stdlib.rename(_mount["full"], _mount["full/d/x"]));
        Posix.Fails(Errno.ENOENT, Stdlib.rename(_mount["gone"], _mount["x"]));
        Posix.Ok(Stdlib.rename(_mount["full/d"], _mount["empty"]));
        Assert.Equal(4ul, Posix.Stat(_mount.Root).st_nlink);
    }

    [MountedFact]
    public void Rename_BetweenTwoNamesOfOneFile_ChangesNothing()
    {
        Posix.Create(_mount["a"], 1);
        Posix.Ok(Syscall.link(_mount["a"], _mount["b"]));
        Posix.Ok(Stdlib.rename(_mount["a"], _mount["b"]));
        Assert.Equal(["a", "b"], Posix.List(_mount.Root).Order());
        Assert.Equal(2ul, Posix.Stat(_mount["a"]).st_nlink);
    }

    [MountedFact]
    public void Rename_NoReplace_KeepsTheTarget()
    {
        Posix.Create(_mount["a"], 1);
        Posix.Create(_mount["b"], 2);
        Posix.Fails(Errno.EEXIST, Rename("a", "b", Native.RenameNoReplace));
        Assert.Equal<byte>([2], Posix.ReadAll(_mount["b"]));
        Posix.Ok(Rename("a", "c", Native.RenameNoReplace));
        Assert.Equal(["b", "c"], Posix.List(_mount.Root).Order());
    }

    [MountedFact]
    public void Rename_Exchange_SwapsFileAndDirectory()
    {
        Posix.Ok(Syscall.mkdir(_mount["d"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(_mount["d/sub"], Posix.PublicDirectory));
        Posix.Create(_mount["d/sub/f"], 4);
        Posix.Create(_mount["a"], 1);
        Posix.Ok(Rename("a", "d/sub", Native.RenameExchange));
        Assert.Equal<byte>([1], Posix.ReadAll(_mount["d/sub"]));
        Assert.Equal<byte>([4], Posix.ReadAll(_mount["a/f"]));
        Assert.Equal(2ul, Posix.Stat(_mount["d"]).st_nlink);
        Assert.Equal(4ul, Posix.Stat(_mount.Root).st_nlink);
        Assert.Equal(Posix.Stat(_mount.Root).st_ino, Posix.Stat(_mount["a/.."]).st_ino);
        Posix.Fails(Errno.ENOENT, Rename("a", "gone", Native.RenameExchange));
        Posix.Fails(Errno.EINVAL, Rename("a", "d", Native.RenameExchange | Native.RenameNoReplace));
    }

    [MountedFact]
    public void Rename_ExchangeThatGivesAFullParentADirectory_IsRefused()
    {
        using var mount = new MemoryMount(new MemoryFileSystem.MemoryFileSystemOptions { LinkLimit = 4 });
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

    [RootFact]
    public void Rename_Whiteout_LeavesADeviceBehind()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Create(_mount["a"], 1);
        Posix.Ok(Rename("a", "b", Native.RenameWhiteout));
        Stat whiteout = Posix.Stat(_mount["a"]);
        Assert.Equal(FilePermissions.S_IFCHR, whiteout.st_mode & FilePermissions.S_IFMT);
        Assert.Equal(0ul, whiteout.st_rdev);
        Assert.Equal<byte>([1], Posix.ReadAll(_mount["b"]));
    }

    private int Rename(string from, string to, int flags) =>
        Native.renameat2(Native.CurrentDirectory, _mount[from], Native.CurrentDirectory, _mount[to], (uint)flags);
}
