using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Files without names, and when they end.</summary>
public abstract class LifetimeRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [MountedFact]
    public void Unlink_WhileOpen_KeepsTheDataUntilTheLastClose()
    {
        int file = Posix.Open(Mount["f"], Posix.ReadWriteNew);
        Posix.WriteAt(file, 0, new byte[100_000]);
        Posix.Ok(Syscall.unlink(Mount["f"]));
        Assert.False(Posix.Exists(Mount["f"]));
        Posix.WriteAt(file, 100_000, "more"u8);
        Assert.Equal(100_004, Posix.ReadAt(file, 0, 200_000).Length);
        Posix.Ok(Syscall.fstat(file, out Stat stat));
        Assert.Equal(0ul, stat.st_nlink);
        Posix.Ok(Syscall.ftruncate(file, 50_000));
        Assert.True(Mount.UsedBytes > 0);
        Posix.Close(file);
        WaitUntil(() => Mount.InodeCount == 1 && Mount.UsedBytes == 0);
    }

    [MountedFact]
    public void TmpFile_Linked_GetsAName()
    {
        int file = Posix.Ok(Native.open(Mount.Root, Native.OpenTmpFile | (int)OpenFlags.O_RDWR, 0x180));
        Posix.WriteAt(file, 0, [1, 2, 3]);
        Posix.Ok(Syscall.fstat(file, out Stat stat));
        Assert.Equal(0ul, stat.st_nlink);
        Assert.Empty(Posix.List(Mount.Root));
        Posix.Ok(Native.linkat(Native.CurrentDirectory, $"/proc/self/fd/{file}", Native.CurrentDirectory, Mount["f"], Native.SymlinkFollow));
        Posix.Close(file);
        Assert.Equal<byte>([1, 2, 3], Posix.ReadAll(Mount["f"]));
        Assert.Equal(1ul, Posix.Stat(Mount["f"]).st_nlink);
        Assert.Equal((FilePermissions)0x8180, Posix.Stat(Mount["f"]).st_mode);
    }

    [MountedFact]
    public void TmpFile_Closed_IsGone()
    {
        int file = Posix.Ok(Native.open(Mount.Root, Native.OpenTmpFile | (int)OpenFlags.O_RDWR, 0x180));
        Posix.WriteAt(file, 0, [1, 2, 3]);
        Assert.Equal(2, Mount.InodeCount);
        Posix.Close(file);
        WaitUntil(() => Mount.InodeCount == 1);
    }

    [MountedFact]
    public void Tree_MadeAndRemoved_LeavesNoNode()
    {
        for (int number = 0; number < 50; number++)
        {
            Posix.Ok(Syscall.mkdir(Mount[$"d{number}"], Posix.PublicDirectory));
            Posix.Create(Mount[$"d{number}/f"], 1);
            Posix.Ok(Syscall.symlink("f", Mount[$"d{number}/s"]));
            Posix.Ok(Syscall.link(Mount[$"d{number}/f"], Mount[$"d{number}/l"]));
        }

        Assert.Equal(151, Mount.InodeCount);
        Shell.Run("rm", ["-rf", "--", .. Posix.List(Mount.Root).Select(name => Mount[name])]);
        WaitUntil(() => Mount.InodeCount == 1 && Mount.UsedBytes == 0);
    }

    [MountedFact]
    public void Node_MadeAfterOneIsGone_GetsAnotherNumber()
    {
        var numbers = new HashSet<ulong>();
        for (int round = 0; round < 100; round++)
        {
            Posix.Create(Mount["f"]);
            Assert.True(numbers.Add(Posix.Stat(Mount["f"]).st_ino));
            Posix.Ok(Syscall.unlink(Mount["f"]));
        }
    }

    /// <summary>The kernel forgets a node some time after its last use.</summary>
    private static void WaitUntil(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, _patience), "the kernel has not forgotten the node");
}
