using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Modes, owners and times.</summary>
public abstract class AttributeRules<TMount> : MountRules<TMount>
    where TMount : ITestMount, new()
{
    private const uint Nobody = 65534;

    [MountedFact]
    public void Chmod_AnyPermissions_AreKeptAndCtimeMoves()
    {
        Posix.Create(Mount["f"], 1);
        Int128 ctime = Posix.Ctime(Mount["f"]);
        Int128 mtime = Posix.Mtime(Mount["f"]);
        Posix.LetClockTick();
        Posix.Ok(Syscall.chmod(Mount["f"], (FilePermissions)0x9C0));
        Assert.Equal((FilePermissions)0x89C0, Posix.Stat(Mount["f"]).st_mode);
        Assert.True(Posix.Ctime(Mount["f"]) > ctime);
        Assert.Equal(mtime, Posix.Mtime(Mount["f"]));
    }

    [MountedFact]
    public void Utimensat_AnyTime_IsKeptToTheNanosecond()
    {
        Posix.Create(Mount["f"]);
        (long Seconds, long Nanoseconds)[] times = [(0, 0), (-1, 999_999_999), (-12_345_678_901, 1), (253_402_300_799, 123_456_789)];
        foreach ((long seconds, long nanoseconds) in times)
        {
            Timespec[] values =
            [
                new() { tv_sec = seconds, tv_nsec = nanoseconds },
                new() { tv_sec = seconds + 1, tv_nsec = nanoseconds },
            ];
            Posix.Ok(Syscall.utimensat(Syscall.AT_FDCWD, Mount["f"], values, 0));
            Assert.Equal(Posix.Nanoseconds(seconds, nanoseconds), Posix.Atime(Mount["f"]));
            Assert.Equal(Posix.Nanoseconds(seconds + 1, nanoseconds), Posix.Mtime(Mount["f"]));
        }
    }

    [MountedFact]
    public void Utimensat_NowAndOmit_SetOneTime()
    {
        Posix.Create(Mount["f"]);
        Timespec[] old = [new() { tv_sec = 1000 }, new() { tv_sec = 2000 }];
        Posix.Ok(Syscall.utimensat(Syscall.AT_FDCWD, Mount["f"], old, 0));
        Timespec[] values = [new() { tv_nsec = Syscall.UTIME_OMIT }, new() { tv_nsec = Syscall.UTIME_NOW }];
        Posix.Ok(Syscall.utimensat(Syscall.AT_FDCWD, Mount["f"], values, 0));
        Assert.Equal(Posix.Nanoseconds(1000, 0), Posix.Atime(Mount["f"]));
        Assert.Equal(Posix.Ctime(Mount["f"]), Posix.Mtime(Mount["f"]));
    }

    [MountedFact]
    public void Write_AndTruncate_MoveMtimeAndCtimeTogether()
    {
        Posix.Create(Mount["f"], 1);
        int file = Posix.Open(Mount["f"], OpenFlags.O_RDWR);
        Action[] changes = [() => Posix.WriteAt(file, 0, [2]), () => Posix.Ok(Syscall.ftruncate(file, 1)), () => Posix.Ok(Native.fallocate(file, 0, 0, 10))];
        foreach (Action change in changes)
        {
            Int128 before = Posix.Mtime(Mount["f"]);
            Posix.LetClockTick();
            change();
            Assert.True(Posix.Mtime(Mount["f"]) > before);
            Assert.Equal(Posix.Ctime(Mount["f"]), Posix.Mtime(Mount["f"]));
        }

        Posix.Close(file);
    }

    [MountedFact]
    public void Directory_NamesChange_ItsTimesMove()
    {
        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Action[] changes =
        [
            () => Posix.Create(Mount["d/a"]),
            () => Posix.Ok(Syscall.link(Mount["d/a"], Mount["d/b"])),
            () => Posix.Ok(Stdlib.rename(Mount["d/b"], Mount["d/c"])),
            () => Posix.Ok(Syscall.unlink(Mount["d/c"])),
            () => Posix.Ok(Syscall.symlink("x", Mount["d/s"])),
            () => Posix.Ok(Syscall.mkdir(Mount["d/e"], Posix.PublicDirectory)),
            () => Posix.Ok(Syscall.rmdir(Mount["d/e"])),
            () => Posix.Ok(Stdlib.rename(Mount["d/s"], Mount["s"])),
        ];
        for (int index = 0; index < changes.Length; index++)
        {
            Int128 before = Posix.Mtime(Mount["d"]);
            Posix.LetClockTick();
            changes[index]();
            Assert.True(Posix.Mtime(Mount["d"]) > before, $"change {index}");
            Assert.Equal(Posix.Ctime(Mount["d"]), Posix.Mtime(Mount["d"]));
        }
    }

    [MountedFact]
    public void File_LinksAndXattrsChange_OnlyCtimeMoves()
    {
        Posix.Create(Mount["f"], 1);
        Int128 mtime = Posix.Mtime(Mount["f"]);
        Action[] changes =
        [
            () => Posix.Ok(Syscall.link(Mount["f"], Mount["g"])),
            () => Posix.Ok(Stdlib.rename(Mount["g"], Mount["h"])),
            () => Posix.Ok(Syscall.unlink(Mount["h"])),
            () => Posix.Ok(Syscall.setxattr(Mount["f"], "user.x", [1], 1, 0)),
            () => Posix.Ok(Syscall.removexattr(Mount["f"], "user.x")),
        ];
        for (int index = 0; index < changes.Length; index++)
        {
            Int128 before = Posix.Ctime(Mount["f"]);
            Posix.LetClockTick();
            changes[index]();
            Assert.True(Posix.Ctime(Mount["f"]) > before, $"change {index}");
        }

        Assert.Equal(mtime, Posix.Mtime(Mount["f"]));
    }

    [MountedFact]
    public void Read_OfAnUncachedFile_SetsAtime() => Assert.True(AccessTimes.ReadMovesAtime(Mount));

    [MountedFact]
    public void Stat_BirthTime_IsWhenTheFileWasMade()
    {
        Posix.Create(Mount["f"], 1);
        Posix.LetClockTick();
        Posix.Ok(Syscall.chmod(Mount["f"], Posix.OwnerMayAll));
        string birth = Shell.Run("stat", "-c", "%W", Mount["f"]).Trim();
        Assert.Equal(Posix.Stat(Mount["f"]).st_mtime.ToString(System.Globalization.CultureInfo.InvariantCulture), birth);
    }

    [RootFact]
    public void Chown_AnyOwner_IsKeptAndClearsSetId()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Create(Mount["f"], 1);
        Posix.Ok(Syscall.chmod(Mount["f"], (FilePermissions)0xDED));
        Posix.Ok(Syscall.chown(Mount["f"], 12345, 54321));
        Stat stat = Posix.Stat(Mount["f"]);
        Assert.Equal((12345u, 54321u), (stat.st_uid, stat.st_gid));
        Assert.Equal(0x1EDu, (uint)stat.st_mode & 0xFFF);

        // Without group execution set-group-id means mandatory locking, and stays.
        Posix.Ok(Syscall.chmod(Mount["f"], (FilePermissions)0xDA4));
        Posix.Ok(Syscall.chown(Mount["f"], 1, 1));
        Assert.Equal(0x5A4u, (uint)Posix.Stat(Mount["f"]).st_mode & 0xFFF);
    }

    [RootFact]
    public void Write_BySomebodyElse_ClearsSetId()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        foreach (string change in new[] { "echo x >> f", "truncate -s 1 f", "truncate -s 100 f", "cp f g && cat g > f" })
        {
            Posix.Ok(Syscall.chmod(Mount.Root, (FilePermissions)0x1FF));
            Posix.Create(Mount["f"], 1, 2, 3);
            Posix.Ok(Syscall.chmod(Mount["f"], (FilePermissions)0xDFF));
            RunAsNobody($"{change}; rm -f g");
            Assert.True(((uint)Posix.Stat(Mount["f"]).st_mode & 0xFFF) == 0x1FF, change);
        }

        // Root may: no bit goes.
        Posix.Ok(Syscall.chmod(Mount["f"], (FilePermissions)0xDFF));
        int file = Posix.Open(Mount["f"], OpenFlags.O_WRONLY);
        Posix.WriteAt(file, 0, [1]);
        Posix.Close(file);
        Assert.Equal(0xDFFu, (uint)Posix.Stat(Mount["f"]).st_mode & 0xFFF);
    }

    [RootFact]
    public void Write_ToAFileWithCapabilities_RemovesThem()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        // A version 2 capability set of no capability at all.
        byte[] capability = [0, 0, 0, 2, .. new byte[16]];
        Posix.Create(Mount["f"], 1);
        Posix.Ok(Syscall.setxattr(Mount["f"], "security.capability", capability, 20, 0));
        Posix.Ok((int)Syscall.getxattr(Mount["f"], "security.capability", out _));
        int file = Posix.Open(Mount["f"], OpenFlags.O_WRONLY);
        Posix.WriteAt(file, 0, [1]);
        Posix.Close(file);
        Posix.Fails(Errno.ENODATA, Syscall.getxattr(Mount["f"], "security.capability", new byte[20], 20));
    }

    [RootFact]
    public void Create_InSetGroupIdDirectory_TakesItsGroup()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Ok(Syscall.mkdir(Mount["d"], Posix.PublicDirectory));
        Posix.Ok(Syscall.chown(Mount["d"], 0, 777));
        Posix.Ok(Syscall.chmod(Mount["d"], (FilePermissions)0x5ED));
        Posix.Create(Mount["d/f"]);
        Posix.Ok(Syscall.mkdir(Mount["d/e"], Posix.PublicDirectory));
        Assert.Equal(777u, Posix.Stat(Mount["d/f"]).st_gid);
        Assert.Equal(777u, Posix.Stat(Mount["d/e"]).st_gid);
        Assert.Equal(0x5EDu, (uint)Posix.Stat(Mount["d/e"]).st_mode & 0xFFF);
        Assert.Equal(0x1A4u, (uint)Posix.Stat(Mount["d/f"]).st_mode & 0xFFF);
    }

    [RootFact]
    public void Access_WithoutPermission_IsRefusedByTheKernel()
    {
        if (MountSupport.Problem is not null)
        {
            return;
        }

        Posix.Create(Mount["f"], 1);
        Posix.Ok(Syscall.chmod(Mount["f"], Posix.OwnerMayAll));
        string output = RunAsNobody("cat f 2>&1 || true; touch g 2>&1 || true");
        Assert.Equal(2, output.Split("Permission denied").Length - 1);
    }

    /// <summary>Runs a script in the mount; the way there may be closed to an ordinary user.</summary>
    private string RunAsNobody(string script) =>
        Shell.Script(Mount.Root, $"exec setpriv --reuid={Nobody} --regid={Nobody} --clear-groups sh -ec '{script}'");
}
