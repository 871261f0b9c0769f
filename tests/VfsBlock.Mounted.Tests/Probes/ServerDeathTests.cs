using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Errno = VfsBlock.Interop.Errno;

namespace VfsBlock.Mounted.Tests;

/// <summary>A server in a process of its own that is killed in the middle of its work.</summary>
public sealed class ServerDeathTests
{
    private const int ClientCount = 4;
    private const int PieceBytes = 300_000;
    private static readonly Errno[] _cutOff = [Errno.ECONNABORTED, Errno.ENOTCONN];

    [MountedFact]
    public void Kill_WhileManyClientsAreBusy_FailsEachAndThePlaceCanBeMountedAgain()
    {
        using var mount = new ToolMount();
        int[] stepCounts = new int[ClientCount];
        ClientThread<Errno>[] clients = [.. Enumerable.Range(0, ClientCount).Select(number => new ClientThread<Errno>(
            () => WorkUntilItFails(mount[$"f{number}"], ref stepCounts[number])))];
        ProbeMount.WaitUntil(() => stepCounts.All(count => count >= 5) || clients.Any(client => client.HasEnded), "busy clients");
        Caller.Ok(Syscall.kill(mount.Server.Id, Signum.SIGKILL));
        mount.WaitForExit();
        Assert.All(clients, client => Assert.Contains(client.Result, _cutOff));

        // What the kernel has not cached.
        Assert.Equal(Errno.ENOTCONN, Caller.Stat(mount["unknown"]));
        Assert.True(StaleMount.IsAt(mount.Root));

        var probe = new ProbeFileSystem();
        using (FuseSession.Mount(probe, mount.Root))
        {
            Assert.Equal(probe.Content(), Caller.Read(mount[ProbeFileSystem.FileName], 4096));
            Assert.Single(MountTable.Read(), entry => entry.MountPoint == mount.Root);
        }

        Assert.False(mount.IsMounted);
    }

    /// <summary>Writes, reads, makes and removes; the first error.</summary>
    private static unsafe Errno WorkUntilItFails(string path, ref int stepCount)
    {
        int file = Syscall.open(path, OpenFlags.O_CREAT | OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC, Posix.PublicFile);
        byte[] piece = new byte[PieceBytes];
        Errno error = Caller.Error(file);
        fixed (byte* first = piece)
        {
            for (long step = 0; error == Errno.None; step++)
            {
                int other = -1;
                error = Caller.Error((step % 4) switch
                {
                    0 => Syscall.pwrite(file, first, PieceBytes, step * PieceBytes % (1 << 20)),
                    1 => Syscall.pread(file, first, PieceBytes, 0),
                    2 => other = Syscall.open($"{path}-other", OpenFlags.O_CREAT | OpenFlags.O_CLOEXEC, Posix.PublicFile),
                    _ => Syscall.unlink($"{path}-other"),
                });
                _ = other >= 0 ? Syscall.close(other) : 0;
                Interlocked.Increment(ref stepCount);
            }
        }

        _ = file >= 0 ? Syscall.close(file) : 0;
        return error;
    }
}
