using Microsoft.Win32.SafeHandles;
using VfsBlock.Fuse;
using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

public sealed class FuseMounterFailureTests
{
    [MountedFact]
    public void Mount_NoSuchDirectory_SaysMkdir()
    {
        using var directory = new MountDirectory();
        string path = Path.Combine(directory.Path, "none");
        FuseMountException failure = AssertFails(path, new MountOptions());
        Assert.Equal(Errno.ENOENT, failure.Error);
        Assert.Contains("mkdir -p", failure.Message, StringComparison.Ordinal);
    }

    [MountedFact]
    public void Mount_PathThatCannotBeFollowed_SaysWhy()
    {
        using var directory = new MountDirectory();
        string loop = Path.Combine(directory.Path, "loop");
        File.CreateSymbolicLink(loop, loop);
        string file = Path.Combine(directory.Path, "file");
        File.WriteAllText(file, "");
        Assert.Equal(Errno.ELOOP, AssertFails(loop, new MountOptions()).Error);
        Assert.Equal(Errno.ENOTDIR, AssertFails(Path.Combine(file, "below"), new MountOptions()).Error);
        Assert.Equal(Errno.ENAMETOOLONG, AssertFails(Path.Combine(directory.Path, new string('x', 256)), new MountOptions()).Error);
    }

    /// <summary>Readers that wait for the mount could not be woken any more.</summary>
    [DirectMountFact]
    public void Mount_BlockDeviceThatIsNone_IsRefusedBeforeServingBegins()
    {
        using var directory = new MountDirectory();
        FuseMountException failure = AssertFails(directory.Path, new MountOptions { BlockDevice = true, Source = "/dev/null" });
        Assert.Equal(Errno.ENOTBLK, failure.Error);
        Assert.Null(directory.Entry);
    }

    [MountedFact]
    public void Mount_LiveMountInTheWay_IsRefusedAndLeftAlone()
    {
        using var directory = new MountDirectory();
        var server = new TinyServer();
        using FuseMount mount = new FuseMounter().Mount(directory.Path, new MountOptions { Source = "first" }, server.Start);
        server.WaitForInit();
        FuseMountException failure = AssertFails(directory.Path, new MountOptions());
        Assert.Equal(Errno.EBUSY, failure.Error);
        Assert.Contains("first is mounted there already", failure.Message, StringComparison.Ordinal);
        Assert.True(mount.IsMounted);
        Assert.True(mount.Unmount(TinyServer.Patience).IsGone);
    }

    [DirectMountFact]
    public void Mount_DirectoryVanishesMeanwhile_FailsAndReadersEnd()
    {
        // Without the wait for INIT there is no moment between the start of the server and the mount.
        if (!KernelWaitsForInit())
        {
            return;
        }

        using var directory = new MountDirectory();
        var server = new TinyServer();
        FuseMountException failure = Assert.Throws<FuseMountException>(() => new FuseMounter().Mount(directory.Path, new MountOptions(), device =>
        {
            server.Start(device);
            Directory.Delete(directory.Path);
        }));
        Assert.Equal(Errno.ENOENT, failure.Error);
        Assert.Equal(Errno.ENODEV, server.WaitForEnd());
    }

    [DirectMountFact]
    public void Mount_CallerFailsToServeDirectMount_NothingIsLeft()
    {
        using var directory = new MountDirectory();
        AssertLeavesNothing(directory, new FuseMounter());
        AssertLeavesNothing(directory, new FuseMounter { UseSyncInit = false });
    }

    [FusermountFact]
    public void Mount_CallerFailsToServeFusermountMount_NothingIsLeft()
    {
        using var directory = new MountDirectory();
        AssertLeavesNothing(directory, new FuseMounter { Method = MountMethod.Fusermount });
    }

    [FusermountFact]
    public void Mount_FusermountRefuses_ItsWordsAreInTheMessage()
    {
        using var directory = new MountDirectory();
        var mounter = new FuseMounter { Method = MountMethod.Fusermount };
        var options = new MountOptions { Subtype = new string('x', 5000) };
        FuseMountException failure = Assert.Throws<FuseMountException>(() => mounter.Mount(directory.Path, options, _ => Assert.Fail("not mounted")));
        Assert.Contains("fusermount3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("said:", failure.Message, StringComparison.Ordinal);
        Assert.Null(directory.Entry);
    }

    private static FuseMountException AssertFails(string path, MountOptions options)
    {
        FuseMountException failure = Assert.Throws<FuseMountException>(
            () => new FuseMounter().Mount(path, options, _ => Assert.Fail("serving began")));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        return failure;
    }

    private static void AssertLeavesNothing(MountDirectory directory, FuseMounter mounter)
    {
        SafeFileHandle? seen = null;
        Assert.Throws<InvalidOperationException>(() => mounter.Mount(directory.Path, new MountOptions(), device =>
        {
            seen = device;
            throw new InvalidOperationException("cannot serve");
        }));
        Assert.Null(directory.Entry);
        Assert.True(seen!.IsClosed);
    }

    private static bool KernelWaitsForInit()
    {
        Assert.Equal(Errno.None, FuseDevice.Open(out SafeFileHandle? device));
        using (device)
        {
            return FuseDevice.RequestSyncInit(device!) == Errno.None;
        }
    }
}
