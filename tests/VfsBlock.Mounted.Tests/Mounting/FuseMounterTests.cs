using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

public sealed class FuseMounterTests
{
    private static readonly MountOptions _options = new()
    {
        Source = "a, b\\c\td",
        Subtype = "vfsblock",
        DefaultPermissions = true,
    };

    [DirectMountFact]
    public void Mount_Directly_ServesUntilUnmounted()
    {
        using var directory = new MountDirectory();
        AssertServes(directory, new FuseMounter { Method = MountMethod.Direct }, MountMethod.Direct);
    }

    [DirectMountFact]
    public void Mount_DirectlyWithoutSyncInit_ServesUntilUnmounted()
    {
        using var directory = new MountDirectory();
        AssertServes(directory, new FuseMounter { Method = MountMethod.Direct, UseSyncInit = false }, MountMethod.Direct);
    }

    [FusermountFact]
    public void Mount_ThroughFusermount_ServesUntilUnmounted()
    {
        using var directory = new MountDirectory();
        AssertServes(directory, new FuseMounter { Method = MountMethod.Fusermount }, MountMethod.Fusermount);
    }

    [MountedFact]
    public void Mount_Automatically_TakesTheWayThisUserHas()
    {
        using var directory = new MountDirectory();
        AssertServes(directory, new FuseMounter(), MountSupport.MayMount ? MountMethod.Direct : MountMethod.Fusermount);
    }

    [MountedFact]
    public void Mount_PathWithSpaceCommaNewlineBackslash_IsFoundAndUnmounted()
    {
        using var directory = new MountDirectory("a b,c\n\\d\te\\040");
        AssertServes(directory, new FuseMounter(), MountSupport.MayMount ? MountMethod.Direct : MountMethod.Fusermount);
    }

    [FusermountFact]
    public void Mount_OddPathThroughFusermount_IsFoundAndUnmounted()
    {
        using var directory = new MountDirectory("-o a b,c\n\\d\te\\040");
        AssertServes(directory, new FuseMounter { Method = MountMethod.Fusermount }, MountMethod.Fusermount);
    }

    private static void AssertServes(MountDirectory directory, FuseMounter mounter, MountMethod expected)
    {
        var server = new TinyServer();
        using (FuseMount mount = mounter.Mount(directory.Path, _options, server.Start))
        {
            server.WaitForInit();
            Assert.Equal(expected, mount.Method);
            MountEntry entry = directory.Entry!;
            Assert.Equal(("fuse.vfsblock", _options.Source), (entry.Type, entry.Source));
            Assert.Contains("default_permissions", entry.SuperOptions, StringComparison.Ordinal);
            Assert.Equal(entry.Device, mount.DeviceNumber);
            Assert.Equal(0, Mono.Unix.Native.Syscall.stat(directory.Path, out Mono.Unix.Native.Stat stat));
            Assert.Equal((entry.Device.Minor, 1ul), ((uint)stat.st_dev, stat.st_ino));
            Assert.True(mount.IsMounted);
            Assert.Equal(new UnmountResult(UnmountOutcome.Unmounted, Errno.None, ""), mount.Unmount(TinyServer.Patience));
            Assert.False(mount.IsMounted);
        }

        Assert.Null(directory.Entry);
        Assert.Equal(Errno.ENODEV, server.WaitForEnd());
    }
}
