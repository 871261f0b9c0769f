using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Making and removing names of every kind, and the errors that stand in the way.</summary>
public sealed class NameTests : IDisposable
{
    private readonly MemoryMount _mount = new();

    public void Dispose() => _mount.Dispose();

    [MountedFact]
    public void MkDir_InRoot_IsAnEmptyDirectoryWithTwoLinks()
    {
        Posix.Ok(Syscall.mkdir(_mount["d"], Posix.PublicDirectory));
        Stat stat = Posix.Stat(_mount["d"]);
        Assert.Equal(FilePermissions.S_IFDIR, stat.st_mode & FilePermissions.S_IFMT);
        Assert.Equal(2ul, stat.st_nlink);
        Assert.Equal(3ul, Posix.Stat(_mount.Root).st_nlink);
        Assert.Equal(Syscall.geteuid(), stat.st_uid);
        Assert.Empty(Posix.List(_mount["d"]));
    }

    [MountedFact]
    public void MkDir_NameExists_IsEexist()
    {
        Posix.Create(_mount["f"]);
        Posix.Fails(Errno.EEXIST, Syscall.mkdir(_mount["f"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(_mount["d"], Posix.PublicDirectory));
        Posix.Fails(Errno.EEXIST, Syscall.mkdir(_mount["d"], Posix.PublicDirectory));
    }

    [MountedFact]
    public void Create_WithUmask_LosesTheMaskedBits()
    {
        FilePermissions old = Syscall.umask((FilePermissions)0x17);
        try
        {
            Posix.Close(Posix.Open(_mount["f"], Posix.ReadWriteNew, (FilePermissions)0x1B6));
        }
        finally
        {
            Syscall.umask(old);
        }

        Assert.Equal(0x1A0u, (uint)Posix.Stat(_mount["f"]).st_mode & 0xFFF);
    }

    [MountedFact]
    public void Open_MissingAndExclusive_GiveTheirErrors()
    {
        Posix.Fails(Errno.ENOENT, Syscall.open(_mount["f"], OpenFlags.O_RDONLY));
        Posix.Fails(Errno.ENOENT, Syscall.open(_mount["no/f"], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Create(_mount["f"]);
        Posix.Fails(Errno.EEXIST, Syscall.open(_mount["f"], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Fails(Errno.ENOTDIR, Syscall.open(_mount["f/x"], OpenFlags.O_RDONLY));
        Posix.Fails(Errno.EISDIR, Syscall.open(_mount.Root, OpenFlags.O_WRONLY));
    }

    [MountedFact]
    public void Unlink_FileAndDirectory_RemovesTheFileOnly()
    {
        Posix.Create(_mount["f"]);
        Posix.Ok(Syscall.mkdir(_mount["d"], Posix.PublicDirectory));
        Posix.Ok(Syscall.unlink(_mount["f"]));
        Posix.Fails(Errno.ENOENT, Syscall.unlink(_mount["f"]));
        Posix.Fails(Errno.EISDIR, Syscall.unlink(_mount["d"]));
    }

    [MountedFact]
    public void RmDir_FullFileAbsent_GiveTheirErrors()
    {
        Posix.Ok(Syscall.mkdir(_mount["d"], Posix.PublicDirectory));
        Posix.Create(_mount["d/f"]);
        Posix.Fails(Errno.ENOTEMPTY, Syscall.rmdir(_mount["d"]));
        Posix.Fails(Errno.ENOTDIR, Syscall.rmdir(_mount["d/f"]));
        Posix.Fails(Errno.ENOENT, Syscall.rmdir(_mount["e"]));
        Posix.Ok(Syscall.unlink(_mount["d/f"]));
        Posix.Ok(Syscall.rmdir(_mount["d"]));
        Assert.Equal(2ul, Posix.Stat(_mount.Root).st_nlink);
    }

    [MountedFact]
    public void RmDir_WhileOpen_LeavesAnEmptyDirectoryThatTakesNothing()
    {
        Posix.Ok(Syscall.mkdir(_mount["d"], Posix.PublicDirectory));
        int directory = Posix.Open(_mount["d"], OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Posix.Ok(Syscall.rmdir(_mount["d"]));
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
        Posix.Create(_mount[longest], 1);
        Assert.Equal([longest], Posix.List(_mount.Root));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.open(_mount[tooLong], Posix.ReadWriteNew, Posix.PublicFile));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.mkdir(_mount[tooLong], Posix.PublicDirectory));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.symlink("x", _mount[tooLong]));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.link(_mount[longest], _mount[tooLong]));
        Posix.Fails(Errno.ENAMETOOLONG, Stdlib.rename(_mount[longest], _mount[tooLong]));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.lstat(_mount[tooLong], out _));
        Posix.Fails(Errno.ENAMETOOLONG, Syscall.unlink(_mount[tooLong]));
        Assert.Equal(255, Syscall.pathconf(_mount.Root, PathconfName._PC_NAME_MAX));
    }

    [MountedFact]
    public void Name_AnyBytes_ComesBackAsItIs()
    {
        string[] names = ["with space", "new\nline", "tab\t", "ünï", "*?[", "-rf", "\u0001", "...", "a\\b"];
        foreach (string name in names)
        {
            Posix.Create(_mount[name]);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), Posix.List(_mount.Root).Order(StringComparer.Ordinal));
    }

    [MountedFact]
    public void Link_SecondName_SharesTheNode()
    {
        Posix.Create(_mount["a"], 1, 2, 3);
        Posix.Ok(Syscall.link(_mount["a"], _mount["b"]));
        Stat first = Posix.Stat(_mount["a"]);
        Stat second = Posix.Stat(_mount["b"]);
        Assert.Equal(first.st_ino, second.st_ino);
        Assert.Equal(2ul, second.st_nlink);
        Posix.Create(_mount["b"], 9);
        Assert.Equal<byte>([9], Posix.ReadAll(_mount["a"]));
        Posix.Ok(Syscall.unlink(_mount["a"]));
        Assert.Equal(1ul, Posix.Stat(_mount["b"]).st_nlink);
        Posix.Ok(Syscall.mkdir(_mount["d"], Posix.PublicDirectory));
        Posix.Fails(Errno.EPERM, Syscall.link(_mount["d"], _mount["e"]));
        Posix.Fails(Errno.EEXIST, Syscall.link(_mount["b"], _mount["d"]));
        Posix.Fails(Errno.ENOENT, Syscall.link(_mount["gone"], _mount["e"]));
    }

    [MountedFact]
    public void Link_MoreThanTheLimit_IsEmlink()
    {
        using var mount = new MemoryMount(new MemoryFileSystem.MemoryFileSystemOptions { LinkLimit = 4 });
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
    public void SymLink_TargetOfAnyText_IsReadBack()
    {
        foreach (string target in new[] { "f", "../up", "/etc/passwd", new string('t', 4095) })
        {
            Posix.Ok(Syscall.symlink(target, _mount["l"]));
            Assert.Equal(target, Posix.ReadLink(_mount["l"]));
            Stat stat = Posix.Stat(_mount["l"]);
            Assert.Equal(target.Length, stat.st_size);
            Assert.Equal((FilePermissions)0xA1FF, stat.st_mode);
            Posix.Ok(Syscall.unlink(_mount["l"]));
        }

        Posix.Fails(Errno.ENAMETOOLONG, Syscall.symlink(new string('t', 4096), _mount["l"]));
        Posix.Create(_mount["f"], 5);
        Posix.Ok(Syscall.symlink("f", _mount["l"]));
        Assert.Equal<byte>([5], Posix.ReadAll(_mount["f"]));
        int file = Posix.Open(_mount["l"], OpenFlags.O_RDONLY);
        Assert.Equal<byte>([5], Posix.ReadAt(file, 0, 10));
        Posix.Close(file);
        Posix.Fails(Errno.EINVAL, Syscall.readlink(_mount["f"], new byte[10]));
    }

    [MountedFact]
    public void SymLink_ToItself_IsEloop()
    {
        Posix.Ok(Syscall.symlink("l", _mount["l"]));
        Posix.Fails(Errno.ELOOP, Syscall.open(_mount["l"], OpenFlags.O_RDONLY));
        Posix.Fails(Errno.ELOOP, Syscall.open(_mount["l"], OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW));
    }

    [MountedFact]
    public void MkNod_FifoSocketAndFile_AreThoseKinds()
    {
        foreach (FilePermissions kind in new[] { FilePermissions.S_IFIFO, FilePermissions.S_IFSOCK, FilePermissions.S_IFREG })
        {
            Posix.Ok(Syscall.mknod(_mount["n"], kind | Posix.PublicFile, 0));
            Assert.Equal(kind | Posix.PublicFile, Posix.Stat(_mount["n"]).st_mode);
            Posix.Ok(Syscall.unlink(_mount["n"]));
        }
    }

    [RootFact]
    public void MkNod_Device_KeepsItsNumberAndWorks()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Ok(Syscall.mknod(_mount["null"], FilePermissions.S_IFCHR | Posix.PublicFile, 0x103));
        Assert.Equal(0x103ul, Posix.Stat(_mount["null"]).st_rdev);
        int device = Posix.Open(_mount["null"], OpenFlags.O_RDWR);
        Posix.WriteAt(device, 0, [1, 2, 3]);
        Assert.Empty(Posix.ReadAt(device, 0, 10));
        Posix.Close(device);
        Posix.Ok(Syscall.mknod(_mount["disk"], FilePermissions.S_IFBLK | Posix.PublicFile, 0x12345678));
        Assert.Equal(0x12345678ul, Posix.Stat(_mount["disk"]).st_rdev);
    }
}
