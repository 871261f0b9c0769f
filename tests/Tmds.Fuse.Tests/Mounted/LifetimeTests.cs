using System.Text;
using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.Mounted.Tests;
using VfsBlock.TestKit;
using Xunit;

namespace Tmds.Fuse.Tests;

/// <summary>Paths that change under open files, and what the kernel forgets.</summary>
public sealed class LifetimeTests
{
    [MountedFact]
    public void Rename_DirectoryWithOpenFileBelow_GivesTheFileItsNewPath()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem());
        Posix.Ok(Syscall.mkdir(mount["a"], Posix.PublicDirectory));
        Posix.Ok(Syscall.mkdir(mount["a/b"], Posix.PublicDirectory));
        int file = Posix.Open(mount["a/b/c"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, [1]);
        Posix.Ok(Syscall.rename(mount["a"], mount["new name"]));
        Posix.WriteAt(file, 1, [2]);
        Assert.Equal([1, 2], Posix.ReadAt(file, 0, 10));
        Posix.Ok(Syscall.fsync(file));
        Posix.Ok(Syscall.fchmod(file, Posix.OwnerMayAll));
        Posix.Close(file);
        Assert.Contains("FSync:1 /new name/b/c", mount.Files.Calls);
        Assert.Equal(FilePermissions.S_IFREG | Posix.OwnerMayAll, Posix.Stat(mount["new name/b/c"]).st_mode);
        mount.End();
        Assert.Contains("Release /new name/b/c", mount.Files.Calls);
    }

    [MountedFact]
    public void Unlink_OpenFile_ReadsOnAndIsInNoListing()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem());
        Posix.Ok(Syscall.mkdir(mount["d"], Posix.PublicDirectory));
        int file = Posix.Open(mount["d/a"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, [1, 2, 3]);
        Posix.Ok(Syscall.unlink(mount["d/a"]));
        Posix.Create(mount["d/a"], 9);
        Posix.WriteAt(file, 3, [4]);
        Posix.Ok(Syscall.ftruncate(file, 3));
        Assert.Equal([1, 2, 3], Posix.ReadAt(file, 0, 10));
        Posix.Ok(Syscall.fstat(file, out Stat stat));
        Assert.Equal((3, 0u), (stat.st_size, (uint)stat.st_nlink));
        Assert.Equal([9], Posix.ReadAll(mount["d/a"]));
        Posix.Ok(Syscall.unlink(mount["d/a"]));
        Posix.Ok(Syscall.rmdir(mount["d"]));
        Assert.Empty(Posix.List(mount.Root));
        Posix.Close(file);
        Wait.Until(() => mount.Files.Names("/").Count == 0);
    }

    [MountedFact]
    public void Forget_ManyFilesMadeAndRemoved_LeavesTheTableSmall()
    {
        const int Count = 2000;
        using var directory = new MountDirectory();
        using var files = new MemoryPathFileSystem();
        var served = new PathFileSystem(files, new PathOptions());
        using FuseSession session = FuseSession.Mount(served, directory.Path);
        for (int number = 0; number < Count; number++)
        {
            string path = Path.Combine(directory.Path, $"f{number}");
            Posix.Create(path, 1);
            Posix.Ok(Syscall.unlink(path));
        }

        // The kernel sends its forgets a little later than it removes.
        Wait.Until(() => served.NodeCount < Count / 10);
        Assert.Equal(0, files.OpenCount);
    }

    [MountedFact]
    public void Parallel_RenamesAndReads_KeepEveryFileWhole()
    {
        using var mount = new PathMount<MemoryPathFileSystem>(new MemoryPathFileSystem());
        foreach (string name in (string[])["a", "b", "a/x", "b/y"])
        {
            Posix.Ok(Syscall.mkdir(mount[name], Posix.PublicDirectory));
        }

        string[] contents = ["one", "two", "three"];
        int[] opened = [.. contents.Select((content, index) =>
        {
            int file = Posix.Open(mount[$"a/x/{index}"], Posix.ReadWriteNew);
            Posix.WriteAt(file, 0, Encoding.UTF8.GetBytes(content));
            return file;
        })];
        bool isOver = false;
        string? failure = null;
        Thread[] readers = [.. opened.Select((file, index) => new Thread(() =>
        {
            for (int turn = 0; !Volatile.Read(ref isOver) && failure is null; turn++)
            {
                string found = Encoding.UTF8.GetString(Posix.ReadAt(file, 0, 10));
                failure = found == contents[index] ? failure : $"{index}: {found}";
                Posix.Ok(Syscall.fsync(file));
            }
        }))];
        Array.ForEach(readers, thread => thread.Start());
        for (int turn = 0; turn < 300; turn++)
        {
            Posix.Ok(Syscall.rename(mount["a/x"], mount["b/moved"]));
            Posix.Ok(Syscall.rename(mount["a"], mount["c"]));
            Posix.Ok(Syscall.rename(mount["c"], mount["a"]));
            Posix.Ok(Syscall.rename(mount["b/moved"], mount["a/x"]));
        }

        Volatile.Write(ref isOver, true);
        Array.ForEach(readers, thread => thread.Join());
        Array.ForEach(opened, Posix.Close);
        Assert.Null(failure);
        mount.End();
        Assert.DoesNotContain(mount.Files.Calls, call => call.Contains("hidden", StringComparison.Ordinal));
    }
}
