using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>What chattr(1) sets.</summary>
public sealed class InodeFlagTests : IDisposable
{
    private readonly VolumeMount _mount = new();

    public void Dispose() => _mount.Dispose();

    [MountedFact]
    public void Chattr_NoDumpAndNoAccessTime_AreListed()
    {
        Posix.Create(_mount["f"], 1);
        Shell.Run("chattr", "+dA", _mount["f"]);
        string flags = Shell.Run("lsattr", _mount["f"]).Split(' ')[0];
        Assert.Equal("dA", string.Concat(flags.Where(letter => letter != '-')));
        Assert.False(AccessTimes.ReadMovesAtime(_mount["f"]));
        Shell.Run("chattr", "-d", _mount["f"]);
        Assert.DoesNotContain('d', Shell.Run("lsattr", _mount["f"]).Split(' ')[0]);
        Assert.NotEqual(0, Shell.TryRun("chattr", "+j", _mount["f"]).ExitCode);
    }

    /// <summary>A project is a number that an inode carries; directories do not give it to what is made in them, and do not say that they would.</summary>
    [MountedFact]
    public void Chattr_ProjectInheritance_IsRefused()
    {
        Directory.CreateDirectory(_mount["d"]);
        Shell.Run("chattr", "-p", "77", _mount["d"]);
        Assert.NotEqual(0, Shell.TryRun("chattr", "+P", _mount["d"]).ExitCode);
        Posix.Create(_mount["d/f"], 1);
        Assert.Equal(["77", "0"], new[] { "d", "d/f" }.Select(name => Shell.Run("lsattr", "-dp", _mount[name]).TrimStart().Split(' ')[0]));
        Assert.DoesNotContain('P', Shell.Run("lsattr", "-d", _mount["d"]).Split(' ')[0]);
    }

    [RootFact]
    public void Chattr_ImmutableAndAppendOnly_AreObeyed()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Create(_mount["f"], 1);
        Posix.Create(_mount["log"], 1);
        Shell.Run("chattr", "+i", _mount["f"]);
        Shell.Run("chattr", "+a", _mount["log"]);
        Posix.Fails(Errno.EPERM, Syscall.unlink(_mount["f"]));
        Posix.Fails(Errno.EPERM, Syscall.chmod(_mount["f"], Posix.OwnerMayAll));
        Posix.Fails(Errno.EPERM, Native.truncate(_mount["log"], 0));
        int file = Posix.Open(_mount["log"], OpenFlags.O_WRONLY | OpenFlags.O_APPEND);
        Posix.WriteAt(file, 1, [2]);
        Posix.Close(file);
        Assert.Equal<byte>([1, 2], Posix.ReadAll(_mount["log"]));
        Shell.Run("chattr", "-i", _mount["f"]);
        Shell.Run("chattr", "-a", _mount["log"]);
        Posix.Ok(Syscall.unlink(_mount["f"]));
    }
}
