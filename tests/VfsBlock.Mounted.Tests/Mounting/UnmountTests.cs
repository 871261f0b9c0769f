using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Errno = VfsBlock.Interop.Errno;

namespace VfsBlock.Mounted.Tests;

public sealed class UnmountTests
{
    private static readonly UnmountResult _alreadyGone = new(UnmountOutcome.AlreadyGone, Errno.None, "");

    [MountedFact]
    public void TryUnmount_DirectoryOpen_IsBusyAndThenDetaches()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer();
        using FuseMount mount = Mount(directory, server);
        int open = Syscall.open(directory.Path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Assert.True(open >= 0);
        try
        {
            UnmountResult refused = mount.TryUnmount();
            Assert.Equal((UnmountOutcome.Refused, Errno.EBUSY), (refused.Outcome, refused.Error));
            Assert.True(mount.IsMounted);
            Assert.Equal(UnmountOutcome.Detached, mount.Unmount(TimeSpan.FromMilliseconds(1)).Outcome);
            Assert.Null(directory.Entry);
            Assert.Equal(0, Syscall.fstat(open, out _));
        }
        finally
        {
            _ = Syscall.close(open);
        }

        Assert.Equal(Errno.ENODEV, server.WaitForEnd());
        Assert.Equal(_alreadyGone, mount.TryUnmount());
    }

    [MountedFact]
    public void TryUnmount_SomebodyElseUnmountedIt_DoesNothing()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer();
        using FuseMount mount = Mount(directory, server);
        Assert.Equal(Errno.None, MountPoint.Unmount(directory.Path, lazy: false, out _));
        Assert.Equal(Errno.ENODEV, server.WaitForEnd());
        Assert.False(mount.IsMounted);
        Assert.Equal(_alreadyGone, mount.TryUnmount());
        Assert.Equal(_alreadyGone, mount.Detach());
    }

    [MountedFact]
    public void TryUnmount_NextMountHasTheSameNumbers_LeavesThatAlone()
    {
        using var directory = new MountDirectory();
        var firstServer = new TinyServer();
        using FuseMount first = Mount(directory, firstServer);
        Assert.Equal(Errno.None, MountIdentity.TryRead(directory.Path, out MountIdentity identity));

        // As on a kernel that has no unique number for a mount.
        using var old = new FuseMount(directory.Path, first.Method, first.Device, identity with { UniqueId = 0 });
        Assert.True(old.IsMounted);
        Assert.Equal(Errno.None, MountPoint.Unmount(directory.Path, lazy: false, out _));
        Assert.Equal(Errno.ENODEV, firstServer.WaitForEnd());

        var secondServer = new TinyServer();
        using FuseMount second = Mount(directory, secondServer);
        Assert.Equal(_alreadyGone, first.TryUnmount());
        Assert.Equal(_alreadyGone, first.Unmount(TimeSpan.Zero));
        Assert.Equal(_alreadyGone, old.TryUnmount());
        Assert.Equal(_alreadyGone, old.Detach());
        first.Dispose();
        old.Dispose();
        Assert.True(second.IsMounted);
        Assert.Equal(UnmountOutcome.Unmounted, second.Unmount(TinyServer.Patience).Outcome);
    }

    [DirectMountFact]
    public void TryUnmount_AnotherMountOverIt_LeavesBoth()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer();
        using FuseMount mount = Mount(directory, server);
        Cover(directory);
        Assert.Equal("cover", directory.Entry!.Source);
        Assert.False(mount.IsMounted);
        Assert.Equal(UnmountOutcome.Covered, mount.TryUnmount().Outcome);
        Assert.Equal(UnmountOutcome.Covered, mount.Detach().Outcome);
        Assert.Equal("cover", directory.Entry!.Source);
        Assert.Equal(Errno.None, MountPoint.Unmount(directory.Path, lazy: false, out _));
        Assert.True(mount.IsMounted);
        Assert.Equal(UnmountOutcome.Unmounted, mount.Unmount(TinyServer.Patience).Outcome);
        Assert.Equal(Errno.ENODEV, server.WaitForEnd());
    }

    [MountedFact]
    public void Dispose_StillMounted_TakesItAway()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer { EndsAfterInit = true };
        FuseMount mount = Mount(directory, server);
        server.WaitForEnd();
        mount.Dispose();
        mount.Dispose();
        Assert.Null(directory.Entry);
        Assert.False(mount.IsMounted);
        Assert.Equal(_alreadyGone, mount.TryUnmount());
    }

    [FusermountFact]
    public void Unmount_AutoUnmount_EndsItsProgramWithoutUnmountingTwice()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer();
        using FuseMount mount = Mount(directory, server, new MountOptions { AutoUnmount = true });
        Assert.Equal(MountMethod.Fusermount, mount.Method);
        Assert.True(mount.Unmount(TinyServer.Patience).IsGone);
        Assert.Equal(Errno.ENODEV, server.WaitForEnd());
        var secondServer = new TinyServer();
        using FuseMount second = Mount(directory, secondServer);
        mount.Dispose();
        Assert.True(second.IsMounted);
        Assert.True(second.Unmount(TinyServer.Patience).IsGone);
    }

    [MountedFact]
    public void TryCloneDevice_WhoMayOpenTheDevice_GetsOne()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer();
        using FuseMount mount = Mount(directory, server);
        Errno error = mount.TryCloneDevice(out Microsoft.Win32.SafeHandles.SafeFileHandle? clone);
        using (clone)
        {
            bool mayOpen = Syscall.access("/dev/fuse", AccessModes.R_OK | AccessModes.W_OK) == 0;
            Assert.Equal(mayOpen ? Errno.None : Errno.EACCES, error);
            Assert.Equal(mayOpen, clone is not null);
        }

        Assert.True(mount.Unmount(TinyServer.Patience).IsGone);
    }

    private static FuseMount Mount(MountDirectory directory, TinyServer server, MountOptions? options = null)
    {
        FuseMount mount = new FuseMounter().Mount(directory.Path, options ?? new MountOptions(), server.Start);
        server.WaitForInit();
        return mount;
    }

    /// <summary>Puts a mount that is not FUSE on the directory.</summary>
    private static void Cover(MountDirectory directory)
    {
        Assert.Equal(Errno.None, FileSystemContext.TryOpen("tmpfs", out FileSystemContext? context));
        using (context)
        {
            Assert.Equal(Errno.None, context!.Set("source", "cover"));
            Assert.Equal(Errno.None, context.Create());
            Assert.Equal(Errno.None, context.Mount(0, out Microsoft.Win32.SafeHandles.SafeFileHandle? cover));
            using (cover)
            {
                Assert.Equal(Errno.None, FileSystemContext.Attach(cover!, directory.Path));
            }
        }
    }
}
