using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

public sealed class FuseConnectionTests : IDisposable
{
    private const string ControlRoot = "/sys/fs/fuse/connections";
    private readonly bool _hadControl = MountTable.Find(ControlRoot) is not null;
    private readonly MountDirectory _directory = new();

    public void Dispose()
    {
        _directory.Dispose();
        if (!_hadControl && MountTable.Find(ControlRoot) is not null)
        {
            MountPoint.Unmount(ControlRoot, lazy: true, out _);
        }
    }

    [MountedFact]
    public void Abort_HungServer_FreesWhoeverWaits()
    {
        var server = new TinyServer { Hangs = true };
        using FuseMount mount = Mount(server);
        int result = 0;
        var client = new Thread(() => result = Mono.Unix.Native.Syscall.stat(_directory.Path, out _)) { IsBackground = true };
        client.Start();
        server.WaitForHang();

        Errno waiting = mount.Connection.TryReadWaiting(out int count);
        Errno aborted = mount.Connection.Abort();
        if (!_hadControl && !MountSupport.MayMount)
        {
            Assert.Equal((Errno.EPERM, Errno.EPERM), (waiting, aborted));
            server.AnswerHeld();
            return;
        }

        Assert.Equal((Errno.None, Errno.None), (waiting, aborted));
        Assert.True(count >= 1, $"{count} requests wait");
        Assert.True(client.Join(TinyServer.Patience), "the client still waits");
        Assert.Equal(-1, result);
        Assert.Equal(Errno.ENODEV, server.WaitForEnd());
        Assert.True(StaleMount.IsAt(_directory.Path));
        Assert.True(mount.IsMounted);
        Assert.True(mount.Unmount(TinyServer.Patience).IsGone);
    }

    [MountedFact]
    public void Apply_BdiSettings_AreInForceForRootAndRefusedToOthers()
    {
        var server = new TinyServer();
        using FuseMount mount = Mount(server);
        var settings = new BdiSettings { ReadAheadKiB = 1024, MaxRatioPercent = 50, StrictLimit = false };
        BdiSettings before = mount.Connection.ReadBdi();
        Assert.NotNull(before.ReadAheadKiB);
        Assert.NotEqual(settings, before);
        Assert.Equal(Errno.None, mount.Connection.Apply(new BdiSettings()));
        Assert.Equal(before, mount.Connection.ReadBdi());
        Errno error = mount.Connection.Apply(settings);
        Assert.Equal(MountSupport.MayMount ? Errno.None : Errno.EACCES, error);
        Assert.Equal(MountSupport.MayMount ? settings : before, mount.Connection.ReadBdi());
        Assert.True(mount.Unmount(TinyServer.Patience).IsGone);
    }

    private FuseMount Mount(TinyServer server)
    {
        FuseMount mount = new FuseMounter().Mount(_directory.Path, new MountOptions(), server.Start);
        server.WaitForInit();
        return mount;
    }
}
