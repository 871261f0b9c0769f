using System.Globalization;
using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Errno = VfsBlock.Interop.Errno;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// Every errno that Linux has passes through as it is, except ENOSYS, which the session turns into EIO: on these
/// operations it can only be a mistake. The kernel makes no exception on these paths: it tries again after ESTALE and
/// ECHILD, and then reports them like the others.
/// </summary>
public sealed class ErrnoProbeTests
{
    private const int LastErrno = 133;

    [MountedFact]
    public void Lookup_AnyErrno_ReachesTheCaller() => ProbeMount.Run(new ErrnoProbe(), mount =>
    {
        AssertPassesThrough(error => Caller.Stat(mount[((int)error).ToString(CultureInfo.InvariantCulture)]));
        Assert.Equal(Errno.None, Caller.Stat(mount.File));
    });

    [MountedFact]
    public void GetAttr_AnyErrno_ReachesTheCaller()
    {
        var probe = new ErrnoProbe();
        ProbeMount.Run(probe, mount =>
        {
            int file = Caller.Open(mount.File);
            AssertPassesThrough(error =>
            {
                probe.AttrAnswer = error;
                return Caller.Error(Syscall.fstat(file, out _));
            });
            probe.AttrAnswer = Errno.None;
            Caller.Ok(Syscall.fstat(file, out _));
            Caller.Close(file);
        });
    }

    [MountedFact]
    public void Read_AnyErrno_ReachesTheCaller()
    {
        var probe = new ErrnoProbe { IsOpenServed = true, OpenFlags = FuseOpenFlags.DirectIo };
        ProbeMount.Run(probe, mount =>
        {
            int file = Caller.Open(mount.File);
            AssertPassesThrough(error =>
            {
                probe.ReadAnswer = error;
                return Caller.ReadError(file);
            });
            probe.ReadAnswer = Errno.None;
            Assert.Equal(probe.Content(), Caller.ReadAt(file, 0, 4096));
            Caller.Close(file);
        });
    }

    [MountedFact]
    public void GetAttr_ErrnoOutOfRange_IsEIO()
    {
        var probe = new ErrnoProbe();
        ProbeMount.Run(probe, mount =>
        {
            int file = Caller.Open(mount.File);
            foreach (int number in new[] { -1, 512, 513, 529, 1000, int.MinValue, int.MaxValue })
            {
                probe.AttrAnswer = (Errno)number;
                Assert.Equal(Errno.EIO, Caller.Error(Syscall.fstat(file, out _)));
            }

            Caller.Close(file);
        });
    }

    private static void AssertPassesThrough(Func<Errno, Errno> provoke)
    {
        for (int number = 1; number <= LastErrno; number++)
        {
            var error = (Errno)number;
            Assert.Equal(error == Errno.ENOSYS ? Errno.EIO : error, provoke(error));
        }
    }
}
