using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Making and removing names of every kind, and the errors that stand in the way.</summary>
public abstract class NameRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    [MountedFact]
    public void MkDir_InRoot_IsAnEmptyDirectoryWithTwoLinks()
    {
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Stat stat = Posix.Stat(Mount["d"]);
        Assert.Equal(FilePermissions.S_IFDIR, stat.st_mode & FilePermissions.S_IFMT);
        Assert.Equal(2ul, stat.st_nlink);
        Assert.Equal(3ul, Posix.Stat(Mount.Root).st_nlink);
        Assert.Equal(Syscall.geteuid(), stat.st_uid);
        Assert.Empty(Posix.List(Mount["d"]));
    }

    [MountedFact]
    public void MkDir_NameExists_IsEexist()
    {
        Posix.Create(Mount["f"]);
        Posix.Fails(Errno.EEXIST, Syscall.mkdir(Mount["f"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Posix.Fails(Errno.EEXIST, Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
    }

    [MountedFact]
    public void Create_WithUmask_LosesTheMaskedBits()
    {
        FilePermissions old = Syscall.umask((FilePermissions)0x17);
        try
        {
            Posix.Close(Posix.Open(Mount["f"], Posix.ReadWriteNew, (FilePermissions)0x1B6));
        }
        finally
        {
            Syscall.umask(old);
        }

        Assert.Equal(0x1A0u, (uint)Posix.Stat(Mount["f"]).st_mode & 0xFFF);
    }

    [MountedFact]
    public void Open_MissingAndExclusive_GiveTheirErrors()
    {
        Posix.Fails(Errno.ENOENT, Syscall.open(Mount["f"], OpenFlags.O_RDONLY));
        Posix.Fails(Errno.ENOENT, Syscall.open(Mount["no/f"], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Create(Mount["f"]);
        Posix.Fails(Errno.EEXIST, Syscall.open(Mount["f"], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Fails(Errno.ENOTDIR, Syscall.open(Mount["f/x"], OpenFlags.O_RDONLY));
        Posix.Fails(Errno.EISDIR, Syscall.open(Mount.Root, OpenFlags.O_WRONLY));
    }

    [MountedFact]
    public void Unlink_FileAndDirectory_RemovesTheFileOnly()
    {
        Posix.Create(Mount["f"]);
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Posix.Ok(Syscall.unlink(Mount["f"]));
        Posix.Fails(Errno.ENOENT, Syscall.unlink(Mount["f"]));
        Posix.Fails(Errno.EISDIR, Syscall.unlink(Mount["d"]));
    }

    [MountedFact]
    public void RmDir_FullFileAbsent_GiveTheirErrors()
    {
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Posix.Create(Mount["d/f"]);
        Posix.Fails(Errno.ENOTEMPTY, Syscall.rmdir(Mount["d"]));
        Posix.Fails(Errno.ENOTDIR, Syscall.rmdir(Mount["d/f"]));
        Posix.Fails(Errno.ENOENT, Syscall.rmdir(Mount["e"]));
        Posix.Ok(Syscall.unlink(Mount["d/f"]));
        Posix.Ok(Syscall.rmdir(Mount["d"]));
        Assert.Equal(2ul, Posix.Stat(Mount.Root).st_nlink);
    }

    [MountedFact]
    public void RmDir_WhileOpen_LeavesAnEmptyDirectoryThatTakesNothing()
    {
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        int directory = Posix.Open(Mount["d"], OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Posix.Ok(Syscall.rmdir(Mount["d"]));
        Posix.Ok(Syscall.fstat(directory, out Stat stat));
        Assert.Equal(0ul, stat.st_nlink);
        Posix.Fails(Errno.ENOENT, Syscall.openat(directory, "f", Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Close(directory);
    }

    [MountedFact]
    public void Name_LongerThan255_IsRefusedEverywhere()
    {
        string longest = new('n', 255);
        string tooLong = new('n', 256);
        Posix.Create(Mount[longest], 1);
        Assert.Equal([longest], Posix.List(Mount.Root));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.open(Mount[tooLong], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.mkdir(Mount[tooLong], Posix.PublicDirectory));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.symlink("x", Mount[tooLong]));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.link(Mount[longest], Mount[tooLong]));
        Posix.Fails(Errno.ENAMETOOLONG, Stdlib.rename(Mount[longest], Mount[tooLong]));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.lstat(Mount[tooLong], out _));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.unlink(Mount[tooLong]));
        Assert.Equal(255, Syscall.pathconf(Mount.Root, PathconfName._PC_NAME_MAX));
    }

    [MountedFact]
    public void Name_AnyBytes_ComesBackAsItIs()
    {
        string[] names = ["with space", "new\nline", "tab\t", "ünï", "*?[", "-rf", "\u0001", "...", "a\\b"];
        foreach (string name in names)
        {
            Posix.Create(Mount[name]);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), Posix.List(Mount.Root).Order(StringComparer.Ordinal));
    }

    [MountedFact]
    public void Link_SecondName_SharesTheNode()
    {
        Posix.Create(Mount["a"], 1, 2, 3);
        Posix.Ok(Syscall.link(Mount["a"], Mount["b"]));
        Stat first = Posix.Stat(Mount["a"]);
        Stat second = Posix.Stat(Mount["b"]);
        Assert.Equal(first.st_ino, second.st_ino);
        Assert.Equal(2ul, second.st_nlink);
        Posix.Create(Mount["b"], 9);
        Assert.Equal<byte>([9], Posix.ReadAll(Mount["a"]));
        Posix.Ok(Syscall.unlink(Mount["a"]));
        Assert.Equal(1ul, Posix.Stat(Mount["b"]).st_nlink);
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Posix.Fails(Errno.EPERM, Syscall.link(Mount["d"], Mount["e"]));
        Posix.Fails(Errno.EEXIST, Syscall.link(Mount["b"], Mount["d"]));
        Posix.Fails(Errno.ENOENT, Syscall.link(Mount["gone"], Mount["e"]));
    }

    [MountedFact]
    public void SymLink_TargetOfAnyText_IsReadBack()
    {
        foreach (string target in new[] { "f", "../up", "/etc/passwd", new string('t', 4095) })
        {
            Posix.Ok(Syscall.symlink(target, Mount["l"]));
            Assert.Equal(target, Posix.ReadLink(Mount["l"]));
            Stat stat = Posix.Stat(Mount["l"]);
            Assert.Equal(target.Length, stat.st_size);
            Assert.Equal((FilePermissions)0xA1FF, stat.st_mode);
            Posix.Ok(Syscall.unlink(Mount["l"]));
        }

        Posix.Fails(Errno.ENAMETOOLONG, Syscall.symlink(new string('t', 4096), Mount["l"]));
        Posix.Create(Mount["f"], 5);
        Posix.Ok(Syscall.symlink("f", Mount["l"]));
        Assert.Equal<byte>([5], Posix.ReadAll(Mount["f"]));
        int file = Posix.Open(Mount["l"], OpenFlags.O_RDONLY);
        Assert.Equal<byte>([5], Posix.ReadAt(file, 0, 10));
        Posix.Close(file);
        Posix.Fails(Errno.EINVAL, Syscall.readlink(Mount["f"], new byte[10]));
    }

    [MountedFact]
    public void SymLink_ToItself_IsEloop()
    {
        Posix.Ok(Syscall.symlink("l", Mount["l"]));
        Posix.Fails(Errno.ELOOP, Syscall.open(Mount["l"], OpenFlags.O_RDONLY));
        Posix.Fails(Errno.ELOOP, Syscall.open(Mount["l"], OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW));
    }

    [MountedFact]
    public void MkNod_FifoSocketAndFile_AreThoseKinds()
    {
        foreach (FilePermissions kind in new[] { FilePermissions.S_IFIFO, FilePermissions.S_IFSOCK, FilePermissions.S_IFREG })
        {
            Posix.Ok(Syscall.mknod(Mount["n"], kind | Posix.PublicFile, 0));
            Assert.Equal(kind | Posix.PublicFile, Posix.Stat(Mount["n"]).st_mode);
            Posix.Ok(Syscall.unlink(Mount["n"]));
        }
    }

    [RootFact]
    public void MkNod_Device_KeepsItsNumberAndWorks()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Ok(Syscall.mknod(Mount["null"], FilePermissions.S_IFCHR | Posix.PublicFile, 0x103));
        Assert.Equal(0x103ul, Posix.Stat(Mount["null"]).st_rdev);
        int device = Posix.Open(Mount["null"], OpenFlags.O_RDWR);
        Posix.WriteAt(device, 0, [1, 2, 3]);
        Assert.Empty(Posix.ReadAt(device, 0, 10));
        Posix.Close(device);
        Posix.Ok(Syscall.mknod(Mount["disk"], FilePermissions.S_IFBLK | Posix.PublicFile, 0x12345678));
        Assert.Equal(0x12345678ul, Posix.Stat(Mount["disk"]).st_rdev);
    }
}
