using Mono.Unix.Native;
using VfsBlock.TestKit;
using Xunit;
using Errno = VfsBlock.Interop.Errno;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// What close(2), fsync(2) and fdatasync(2) make of a file system's answers. Alone: a program that another test starts
/// inherits this process's descriptors, and each that its exec closes is one FLUSH more.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class FlushProbeTests
{
    [MountedFact]
    public void Close_FlushFails_ReturnsItsErrorEachTime()
    {
        var probe = new FlushProbe();
        ProbeMount.Run(probe, mount =>
        {
            foreach (Errno answer in new[] { Errno.ENOSPC, Errno.EDQUOT, Errno.None, Errno.EIO })
            {
                int file = Caller.Open(mount.File);
                probe.FlushAnswer = answer;
                Assert.Equal(answer, Caller.Error(Syscall.close(file)));
            }

            Assert.Equal(Enumerable.Repeat("FLUSH", 4), probe.Seen);
        });
    }

    [MountedFact]
    public void Close_AnyAccessMode_Flushes()
    {
        var probe = new FlushProbe { FlushAnswer = Errno.ENOSPC };
        ProbeMount.Run(probe, mount =>
        {
            foreach (OpenFlags mode in new[] { OpenFlags.O_RDONLY, OpenFlags.O_WRONLY, OpenFlags.O_RDWR })
            {
                int file = Caller.Open(mount.File, mode);
                Assert.Equal(Errno.ENOSPC, Caller.Error(Syscall.close(file)));
            }
        });
    }

    [MountedFact]
    public void Close_OfDuplicates_FlushesForEach()
    {
        var probe = new FlushProbe();
        ProbeMount.Run(probe, mount =>
        {
            int first = Caller.Open(mount.File);
            int second = (int)Caller.Ok(Syscall.dup(first));
            int third = Caller.Open(mount.File);

            // dup2 closes what stood at its target, and tells nobody what became of that.
            probe.FlushAnswer = Errno.ENOSPC;
            Assert.Equal(third, Caller.Ok(Syscall.dup2(first, third)));
            Assert.Equal(["FLUSH"], probe.Seen);
            foreach (int file in new[] { first, second, third })
            {
                Assert.Equal(Errno.ENOSPC, Caller.Error(Syscall.close(file)));
            }

            Assert.Equal(Enumerable.Repeat("FLUSH", 4), probe.Seen);
        });
    }

    [MountedFact]
    public void Close_FlushNotImplemented_SucceedsAndIsNotAskedAgain()
    {
        var probe = new FlushProbe { FlushAnswer = Errno.ENOSYS };
        ProbeMount.Run(probe, mount =>
        {
            for (int round = 0; round < 3; round++)
            {
                Caller.Close(Caller.Open(mount.File));
            }

            Assert.Equal(["FLUSH"], probe.Seen);
        });
    }

    [MountedFact]
    public void Sync_OfAFile_TellsDataApartAndReturnsTheErrorOfEach()
    {
        var probe = new FlushProbe { FsyncAnswer = Errno.EDQUOT, DataSyncAnswer = Errno.ENOSPC };
        ProbeMount.Run(probe, mount =>
        {
            int file = Caller.Open(mount.File);
            Assert.Equal(Errno.EDQUOT, Caller.Error(Syscall.fsync(file)));
            Assert.Equal(Errno.ENOSPC, Caller.Error(Syscall.fdatasync(file)));
            probe.FsyncAnswer = probe.DataSyncAnswer = Errno.None;
            Caller.Ok(Syscall.fsync(file));
            Caller.Ok(Syscall.fdatasync(file));
            Caller.Close(file);
            Assert.Equal(["FSYNC", "FDATASYNC", "FSYNC", "FDATASYNC", "FLUSH"], probe.Seen);
        });
    }

    [MountedFact]
    public void Sync_OfADirectory_TellsDataApartAndReturnsTheErrorOfEach()
    {
        var probe = new FlushProbe { FsyncAnswer = Errno.EDQUOT, DataSyncAnswer = Errno.ENOSPC };
        ProbeMount.Run(probe, mount =>
        {
            int directory = Caller.Open(mount.Root, OpenFlags.O_RDONLY);
            Assert.Equal(Errno.EDQUOT, Caller.Error(Syscall.fsync(directory)));
            Assert.Equal(Errno.ENOSPC, Caller.Error(Syscall.fdatasync(directory)));
            Caller.Close(directory);
            Assert.Equal(["FSYNCDIR", "FDATASYNCDIR"], probe.Seen);
        });
    }

    [MountedFact]
    public void Sync_NotServed_IsRefusedEveryTime()
    {
        ProbeMount.Run(new ProbeFileSystem(), mount =>
        {
            int file = Caller.Open(mount.File);
            int directory = Caller.Open(mount.Root, OpenFlags.O_RDONLY);
            for (int round = 0; round < 2; round++)
            {
                AssertSyncFails(Errno.EINVAL, file);
                AssertSyncFails(Errno.EINVAL, directory);
            }

            Caller.Close(file);
            Caller.Close(directory);
        });
    }

    [MountedFact]
    public void Sync_AnsweredWithENOSYS_FailsEveryTime()
    {
        var probe = new FlushProbe { FsyncAnswer = Errno.ENOSYS, DataSyncAnswer = Errno.ENOSYS };
        ProbeMount.Run(probe, mount =>
        {
            int file = Caller.Open(mount.File);
            int directory = Caller.Open(mount.Root, OpenFlags.O_RDONLY);
            for (int round = 0; round < 2; round++)
            {
                AssertSyncFails(Errno.EIO, file);
                AssertSyncFails(Errno.EIO, directory);
            }

            // All of them arrived: the kernel keeps no memory of an error that would make the next one a success.
            Assert.Equal(8, probe.Seen.Count);
            Caller.Close(file);
            Caller.Close(directory);
        });
    }

    private static void AssertSyncFails(Errno expected, int descriptor)
    {
        Assert.Equal(expected, Caller.Error(Syscall.fsync(descriptor)));
        Assert.Equal(expected, Caller.Error(Syscall.fdatasync(descriptor)));
    }
}
