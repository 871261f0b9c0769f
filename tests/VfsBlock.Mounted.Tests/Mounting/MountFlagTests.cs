using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>The options as the kernel shows them afterwards.</summary>
public sealed class MountFlagTests
{
    [DirectMountFact]
    public void Mount_DirectlyWithEveryFlag_MountinfoShowsThem()
    {
        var options = new MountOptions
        {
            ReadOnly = true,
            AllowExecution = false,
            AccessTime = AccessTimeMode.Never,
            NoDirectoryAccessTime = true,
            Synchronous = true,
            DirectorySynchronous = true,
            AllowOther = true,
            MaxReadBytes = 65536,
        };
        MountEntry entry = MountOnce(MountMethod.Direct, options);
        Assert.Equal(["noatime", "nodev", "nodiratime", "noexec", "nosuid", "ro"], Words(entry.Options));
        Assert.Equal(["allow_other", "dirsync", "group_id=0", "max_read=65536", "ro", "sync", "user_id=0"], Words(entry.SuperOptions));
        Assert.Equal(("fuse", "vfsblock"), (entry.Type, entry.Source));
    }

    [DirectMountFact]
    public void Mount_DirectlyWithSuidAndDev_MountinfoShowsThem()
    {
        var options = new MountOptions { AllowSetUserId = true, AllowDevices = true, AccessTime = AccessTimeMode.Strict };
        Assert.Equal(["rw"], Words(MountOnce(MountMethod.Direct, options).Options));
    }

    [FusermountFact]
    public void Mount_ThroughFusermountWithItsFlags_MountinfoShowsThem()
    {
        var options = new MountOptions
        {
            ReadOnly = true,
            AllowExecution = false,
            AccessTime = AccessTimeMode.Never,
            NoDirectoryAccessTime = true,
            MaxReadBytes = 65536,
        };
        MountEntry entry = MountOnce(MountMethod.Fusermount, options);
        Assert.Equal(["noatime", "nodev", "noexec", "nosuid", "ro"], Words(entry.Options));
        Assert.Contains("max_read=65536", Words(entry.SuperOptions));
    }

    private static MountEntry MountOnce(MountMethod method, MountOptions options)
    {
        using var directory = new MountDirectory();
        var server = new TinyServer();
        using FuseMount mount = new FuseMounter { Method = method }.Mount(directory.Path, options, server.Start);
        server.WaitForInit();
        MountEntry entry = directory.Entry!;
        Assert.True(mount.Unmount(TinyServer.Patience).IsGone);
        return entry;
    }

    private static IEnumerable<string> Words(string options) => options.Split(',').Order(StringComparer.Ordinal);
}
