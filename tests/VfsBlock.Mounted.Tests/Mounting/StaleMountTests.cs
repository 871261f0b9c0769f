using Microsoft.Extensions.Logging.Abstractions;
using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

public sealed class StaleMountTests
{
    [MountedFact]
    public void Remove_DeadMount_TakesItAway()
    {
        using var directory = new MountDirectory();
        LeaveDeadMount(directory);
        Assert.True(StaleMount.IsAt(directory.Path));
        Assert.Equal(Errno.None, StaleMount.Remove(directory.Path, NullLogger.Instance));
        Assert.Null(directory.Entry);
        Assert.False(StaleMount.IsAt(directory.Path));
    }

    [MountedFact]
    public void Remove_LiveMount_LeavesIt()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer();
        using FuseMount mount = new FuseMounter().Mount(directory.Path, new MountOptions(), server.Start);
        server.WaitForInit();
        Assert.Equal(Errno.None, StaleMount.Remove(directory.Path, NullLogger.Instance));
        Assert.True(mount.IsMounted);
        Assert.True(mount.Unmount(TinyServer.Patience).IsGone);
    }

    [MountedFact]
    public void IsDead_ServerHangs_CountsAsAlive()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer { Hangs = true };
        using FuseMount mount = new FuseMounter().Mount(directory.Path, new MountOptions(), server.Start);
        server.WaitForInit();
        Assert.False(StaleMount.IsDead(directory.Path, TimeSpan.FromMilliseconds(200)));

        // The question is still with the server, so the mount is busy until it is answered.
        server.WaitForHang();
        Assert.Equal(UnmountOutcome.Detached, mount.Unmount(TimeSpan.Zero).Outcome);
        server.AnswerHeld();
        Assert.Equal(Errno.ENODEV, server.WaitForEnd());
    }

    [MountedFact]
    public void Mount_DeadMountInTheWay_IsRemovedFirstAndSaidSo()
    {
        using var directory = new MountDirectory();
        LeaveDeadMount(directory);
        var log = new LogRecorder();
        var server = new TinyServer();
        using FuseMount mount = new FuseMounter { Logger = log }.Mount(directory.Path, new MountOptions { Source = "second" }, server.Start);
        server.WaitForInit();
        Assert.Equal("second", directory.Entry!.Source);
        Assert.Contains(log.Messages, message => message.StartsWith($"unmounted a dead FUSE mount at {directory.Path}", StringComparison.Ordinal));
        Assert.True(mount.Unmount(TinyServer.Patience).IsGone);
        Assert.Null(directory.Entry);
    }

    /// <summary>What a killed server leaves: its descriptors are closed, the mount is still there.</summary>
    private static void LeaveDeadMount(MountDirectory directory)
    {
        var server = new TinyServer { EndsAfterInit = true };
        FuseMount mount = new FuseMounter().Mount(directory.Path, new MountOptions(), server.Start);
        server.WaitForEnd();
        mount.Device.Dispose();
        Assert.NotNull(directory.Entry);
    }
}
