using System.Globalization;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Errno = VfsBlock.Interop.Errno;

namespace VfsBlock.Mounted.Tests;

/// <summary>The kernel's own way to end a connection, while requests are under way.</summary>
public sealed class AbortProbeTests : IDisposable
{
    private const string ControlRoot = "/sys/fs/fuse/connections";
    private static readonly Errno[] _cutOff = [Errno.ECONNABORTED, Errno.ENOTCONN];
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

    [DirectMountFact]
    public void Abort_DuringRequests_FailsThemEndsTheSessionAndLeavesThePlaceUsable()
    {
        var probe = new AbortProbe();
        var options = new FuseSessionOptions { ThreadCount = 2, DeferredPerThread = 4 };
        using (FuseSession session = FuseSession.Mount(probe, _directory.Path, sessionOptions: options))
        {
            try
            {
                AssertAbortFreesClients(probe, session);
            }
            finally
            {
                probe.LetGo();
            }

            Assert.True(session.WaitForUnmount(ProbeMount.Patience), "the session goes on without a connection");
            Assert.Equal((1, null), (probe.StoppedCount, session.Failure));

            // Found, and told to nobody: taken back.
            Assert.Equal(0, probe.LateLookupCount);
            Assert.True(StaleMount.IsAt(_directory.Path));
        }

        Assert.Null(_directory.Entry);
        AssertServes();
    }

    [DirectMountFact]
    public void Mount_WhereASessionWasAborted_ReplacesTheDeadMount()
    {
        using FuseSession first = FuseSession.Mount(new ProbeFileSystem(), _directory.Path);
        Abort(first);
        Assert.Equal(Errno.ENOTCONN, Caller.Stat(_directory.Path));
        AssertServes();
        Assert.True(first.WaitForUnmount(ProbeMount.Patience), "the session goes on without a connection");
        Assert.Null(first.Failure);
    }

    private void AssertAbortFreesClients(AbortProbe probe, FuseSession session)
    {
        string[] names = ["late1", "late2", "late3", "late-here"];
        ClientThread<Errno>[] clients =
            [.. names.Select(name => new ClientThread<Errno>(() => Caller.Stat(Path.Combine(_directory.Path, name))))];
        ProbeMount.WaitUntil(() => probe.HeldCount == names.Length, $"{names.Length} requests under way");
        Abort(session);
        Assert.All(clients, client => Assert.Contains(client.Result, _cutOff));
        Assert.Equal(Errno.ENOTCONN, Caller.Stat(_directory.Path));

        // The file system still has the requests, so it has not been told of any end.
        Assert.False(session.WaitForUnmount(TimeSpan.Zero));
        Assert.Equal(0, probe.StoppedCount);
    }

    /// <summary>By the file that an administrator uses.</summary>
    private static void Abort(FuseSession session)
    {
        // Asked for something, the connection mounts the control files if they are not there.
        Assert.Equal(Errno.None, session.ActiveMount!.Connection.TryReadWaiting(out _));
        string number = session.ActiveMount.DeviceNumber.Minor.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText($"{ControlRoot}/{number}/abort", "1");
    }

    private void AssertServes()
    {
        var probe = new ProbeFileSystem();
        using (FuseSession.Mount(probe, _directory.Path))
        {
            Assert.Equal(probe.Content(), Caller.Read(Path.Combine(_directory.Path, ProbeFileSystem.FileName), 4096));
            Assert.Single(MountTable.Read(), entry => entry.MountPoint == _directory.Path);
        }

        Assert.Null(_directory.Entry);
    }
}
