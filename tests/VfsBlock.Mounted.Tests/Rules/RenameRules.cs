using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>rename(2) and renameat2(2): what moves, what is replaced, and what is refused.</summary>
public abstract class RenameRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    [MountedFact]
    public void Rename_FileOverFile_ReplacesIt()
    {
        Posix.Create(Mount["a"], 1);
        Posix.Create(Mount["b"], 2);
        ulong inode = Posix.Stat(Mount["a"]).st_ino;
        Posix.Ok(Stdlib.rename(Mount["a"], Mount["b"]));
        Assert.Equal(inode, Posix.Stat(Mount["b"]).st_ino);
        Assert.Equal<byte>([1], Posix.ReadAll(Mount["b"]));
        Assert.Equal(["b"], Posix.List(Mount.Root));
    }

    [MountedFact]
    public void Rename_FileOverOpenFile_LeavesTheOpenOneReadable()
    {
        Posix.Create(Mount["a"], 1);
        Posix.Create(Mount["b"], 2);
        int replaced = Posix.Open(Mount["b"], OpenFlags.O_RDWR);
        Posix.Ok(Stdlib.rename(Mount["a"], Mount["b"]));
        Posix.WriteAt(replaced, 1, [3]);
        Assert.Equal<byte>([2, 3], Posix.ReadAt(replaced, 0, 10));
        Posix.Ok(Syscall.fstat(replaced, out Stat stat));
        Assert.Equal(0ul, stat.st_nlink);
        Posix.Close(replaced);
    }

    [MountedFact]
    public void Rename_DirectoryToAnotherParent_MovesItsLinks()
    {
        Posix.Ok(Syscall.mkdir(Mount["from"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(Mount["to"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(Mount["from/d"], Posix.PublicDirectory));
        Posix.Create(Mount["from/d/f"], 7);
        Posix.Ok(Stdlib.rename(Mount["from/d"], Mount["to/e"]));
        Assert.Equal(2ul, Posix.Stat(Mount["from"]).st_nlink);
        Assert.Equal(3ul, Posix.Stat(Mount["to"]).st_nlink);
        Assert.Equal(Posix.Stat(Mount["to"]).st_ino, Posix.Stat(Mount["to/e/.."]).st_ino);
        Assert.Equal<byte>([7], Posix.ReadAll(Mount["to/e/f"]));
    }

    [MountedFact]
    public void Rename_WrongKindOrFullOrInside_IsRefused()
    {
        Posix.Create(Mount["f"]);
        Posix.Ok(Syscall.mkdir(Mount["empty"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(Mount["full"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(Mount["full/d"], Posix.PublicDirectory));
        Posix.Fails(Errno.EISDIR, Stdlib.rename(Mount["f"], Mount["empty"]));
        Posix.Fails(Errno.ENOTDIR, Stdlib.rename(Mount["empty"], Mount["f"]));
        Posix.Fails(Errno.ENOTEMPTY, Stdlib.rename(Mount["empty"], Mount["full"]));
        Posix.Fails(Errno.EINVAL, Stdlib.rename(Mount["full"], Mount["full/d/x"]));
        Posix.Fails(Errno.ENOENT, Stdlib.rename(Mount["gone"], Mount["x"]));
        Posix.Ok(Stdlib.rename(Mount["full/d"], Mount["empty"]));
        Assert.Equal(4ul, Posix.Stat(Mount.Root).st_nlink);
    }

    [MountedFact]
    public void Rename_BetweenTwoNamesOfOneFile_ChangesNothing()
    {
        Posix.Create(Mount["a"], 1);
        Posix.Ok(Syscall.link(Mount["a"], Mount["b"]));
        Posix.Ok(Stdlib.rename(Mount["a"], Mount["b"]));
        Assert.Equal(["a", "b"], Posix.List(Mount.Root).Order());
        Assert.Equal(2ul, Posix.Stat(Mount["a"]).st_nlink);
    }

    [MountedFact]
    public void Rename_NoReplace_KeepsTheTarget()
    {
        Posix.Create(Mount["a"], 1);
        Posix.Create(Mount["b"], 2);
        Posix.Fails(Errno.EEXIST, Rename("a", "b", Native.RenameNoReplace));
        Assert.Equal<byte>([2], Posix.ReadAll(Mount["b"]));
        Posix.Ok(Rename("a", "c", Native.RenameNoReplace));
        Assert.Equal(["b", "c"], Posix.List(Mount.Root).Order());
    }

    [MountedFact]
    public void Rename_Exchange_SwapsFileAndDirectory()
    {
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(Mount["d/sub"], Posix.PublicDirectory));
        Posix.Create(Mount["d/sub/f"], 4);
        Posix.Create(Mount["a"], 1);
        Posix.Ok(Rename("a", "d/sub", Native.RenameExchange));
        Assert.Equal<byte>([1], Posix.ReadAll(Mount["d/sub"]));
        Assert.Equal<byte>([4], Posix.ReadAll(Mount["a/f"]));
        Assert.Equal(2ul, Posix.Stat(Mount["d"]).st_nlink);
        Assert.Equal(4ul, Posix.Stat(Mount.Root).st_nlink);
        Assert.Equal(Posix.Stat(Mount.Root).st_ino, Posix.Stat(Mount["a/.."]).st_ino);
        Posix.Fails(Errno.ENOENT, Rename("a", "gone", Native.RenameExchange));
        Posix.Fails(Errno.EINVAL, Rename("a", "d", Native.RenameExchange | Native.RenameNoReplace));
    }

    [RootFact]
    public void Rename_Whiteout_LeavesADeviceBehind()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Create(Mount["a"], 1);
        Posix.Ok(Rename("a", "b", Native.RenameWhiteout));
        Stat whiteout = Posix.Stat(Mount["a"]);
        Assert.Equal(FilePermissions.S_IFCHR, whiteout.st_mode & FilePermissions.S_IFMT);
        Assert.Equal(0ul, whiteout.st_rdev);
        Assert.Equal<byte>([1], Posix.ReadAll(Mount["b"]));
    }

    private int Rename(string from, string to, int flags) =>
        Native.renameat2(Native.CurrentDirectory, Mount[from], Native.CurrentDirectory, Mount[to], (uint)flags);
}
