using System.Diagnostics;
using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Errno = VfsBlock.Interop.Errno;
using IoResult = VfsBlock.Interop.IoResult;

namespace VfsBlock.Mounted.Tests;

/// <summary>Signals to callers whose request is under way. Alone: it counts what signals bring about.</summary>
[Collection(AloneCollection.Name)]
public sealed class InterruptProbeTests
{
    private const int PageBytes = 4096;
    private static readonly FuseSessionOptions _oneThread = new() { ThreadCount = 1, DeferredPerThread = 1 };
    private static readonly FuseSessionOptions _twoThreads = new() { ThreadCount = 2, DeferredPerThread = 0 };

    [MountedFact]
    public void Read_SignalWhileItsOperationWaits_IsEINTR() =>
        AssertSignalIsEINTR(new InterruptProbe { HeedsSignals = true, Holds = true }, _twoThreads);

    [MountedFact]
    public void Read_SignalWhileItIsDeferred_IsEINTR() =>
        AssertSignalIsEINTR(new InterruptProbe { HeedsSignals = true, Holds = true, Defers = true }, _oneThread);

    [MountedFact]
    public void Read_TriedAgainAfterEINTR_GetsTheData()
    {
        const int InterruptionCount = 5;
        var probe = new InterruptProbe { HeedsSignals = true, Holds = true, Defers = true };
        ProbeMount.Run(
            probe,
            mount =>
            {
                int file = Caller.Open(mount.File);
                byte[] bytes = new byte[PageBytes];
                var client = new ClientThread<int>(() => TriesUntilRead(file, bytes));
                for (int number = 0; number < InterruptionCount; number++)
                {
                    ProbeMount.WaitUntil(() => probe.WaitingCount == 1, "a read that waits");
                    client.Signal();
                    ProbeMount.WaitUntil(() => probe.InterruptedCount > number, "an interrupt");
                }

                ProbeMount.WaitUntil(() => probe.WaitingCount == 1, "the last read");
                probe.LetGo();
                Assert.Equal(InterruptionCount, client.Result);
                Assert.Equal(probe.Content(), bytes);
                Assert.Equal((InterruptionCount, 0), (probe.InterruptedCount, probe.RefusedCount));
                Caller.Close(file);
            },
            _oneThread);
    }

    [MountedFact]
    public void Read_SignalThatTheFileSystemIgnores_ChangesNothing()
    {
        foreach (bool defers in new[] { false, true })
        {
            var probe = new InterruptProbe { Holds = true, Defers = defers };
            ProbeMount.Run(
                probe,
                mount =>
                {
                    int file = Caller.Open(mount.File);
                    byte[] bytes = new byte[PageBytes];
                    ClientThread<IoResult> client = StartReader(probe, file, bytes);
                    client.Signal();
                    ProbeMount.WaitUntil(() => probe.InterruptedCount == 1, "an interrupt");
                    Assert.False(client.HasEnded);
                    probe.LetGo();
                    Assert.Equal(IoResult.Ok(PageBytes), client.Result);
                    Assert.Equal(probe.Content(), bytes);
                    Caller.Close(file);
                },
                defers ? _oneThread : _twoThreads);
        }
    }

    /// <summary>Some of so many interrupts come when their request was answered already.</summary>
    [MountedFact]
    public void Read_SignalsAtEveryMoment_AlwaysGivesTheData()
    {
        const int InterruptCount = 50;
        var probe = new InterruptProbe();
        ProbeMount.Run(
            probe,
            mount =>
            {
                int file = Caller.Open(mount.File);
                byte[] expected = probe.Content();
                bool isOver = false;
                var client = new ClientThread<int>(() =>
                {
                    byte[] bytes = new byte[PageBytes];
                    while (!Volatile.Read(ref isOver))
                    {
                        Assert.Equal(IoResult.Ok(PageBytes), Caller.TryReadAt(file, 0, bytes));
                        Assert.Equal(expected, bytes);
                    }

                    return 0;
                });
                ProbeMount.WaitUntil(
                    () =>
                    {
                        client.Signal();
                        return probe.InterruptedCount >= InterruptCount || client.HasEnded;
                    },
                    $"{InterruptCount} interrupts");
                Volatile.Write(ref isOver, true);
                Assert.Equal(0, client.Result);
                Assert.Equal(expected, Caller.ReadAt(file, 0, PageBytes));
                Caller.Close(file);
            },
            _twoThreads);
    }

    [MountedFact]
    public void Read_ClientKilledWhileItsOperationWaits_FreesBoth() =>
        AssertKilledClientsGo(new InterruptProbe { HeedsSignals = true, Holds = true }, _twoThreads);

    [MountedFact]
    public void Read_ClientKilledWhileItIsDeferred_FreesBothAndTheSlot() =>
        AssertKilledClientsGo(new InterruptProbe { HeedsSignals = true, Holds = true, Defers = true }, _oneThread);

    [MountedFact]
    public void Read_ClientKilledThoughTheFileSystemGoesOn_IsFreedByTheReply()
    {
        var probe = new InterruptProbe { Holds = true, Defers = true };
        ProbeMount.Run(
            probe,
            mount => WithClient(mount, client =>
            {
                ProbeMount.WaitUntil(() => probe.WaitingCount == 1, "a read that waits");
                Caller.Ok(Syscall.kill(client.Id, Signum.SIGKILL));
                ProbeMount.WaitUntil(() => probe.InterruptedCount == 1, "an interrupt");
                Assert.False(client.HasExited);
                probe.LetGo();
                AssertEndedBy(Signum.SIGKILL, client);
            }),
            _oneThread);
    }

    private static void AssertSignalIsEINTR(InterruptProbe probe, FuseSessionOptions options) => ProbeMount.Run(
        probe,
        mount =>
        {
            int file = Caller.Open(mount.File);
            ClientThread<IoResult> client = StartReader(probe, file, new byte[PageBytes]);
            client.Signal();
            Assert.Equal(IoResult.Fail(Errno.EINTR), client.Result);
            Assert.Equal(0, probe.WaitingCount);
            probe.LetGo();
            Assert.Equal(probe.Content(), Caller.ReadAt(file, 0, PageBytes));
            Caller.Close(file);
        },
        options);

    /// <summary>One after another, where there is room for one request only.</summary>
    private static void AssertKilledClientsGo(InterruptProbe probe, FuseSessionOptions options) => ProbeMount.Run(
        probe,
        mount =>
        {
            foreach (Signum signal in new[] { Signum.SIGKILL, Signum.SIGTERM, Signum.SIGKILL })
            {
                WithClient(mount, client =>
                {
                    ProbeMount.WaitUntil(() => probe.WaitingCount == 1, "a read that waits");
                    Caller.Ok(Syscall.kill(client.Id, signal));
                    AssertEndedBy(signal, client);
                });
                Assert.Equal((0, 0), (probe.WaitingCount, probe.RefusedCount));
            }

            probe.LetGo();
            Assert.Equal(probe.Content(), Caller.Read(mount.File, PageBytes));
        },
        options);

    private static ClientThread<IoResult> StartReader(InterruptProbe probe, int file, byte[] bytes)
    {
        var client = new ClientThread<IoResult>(() => Caller.TryReadAt(file, 0, bytes));
        ProbeMount.WaitUntil(() => probe.WaitingCount == 1, "a read that waits");
        return client;
    }

    private static int TriesUntilRead(int file, byte[] bytes)
    {
        int interruptionCount = 0;
        IoResult result;
        while ((result = Caller.TryReadAt(file, 0, bytes)) == IoResult.Fail(Errno.EINTR))
        {
            interruptionCount++;
        }

        Assert.Equal(IoResult.Ok(bytes.Length), result);
        return interruptionCount;
    }

    /// <summary>Runs a program that reads the probe's file; whatever comes of the test, it is killed.</summary>
    private static void WithClient(ProbeMount mount, Action<Process> test)
    {
        using Process client = Process.Start(new ProcessStartInfo("cat", [mount.File]) { RedirectStandardOutput = true })!;
        try
        {
            test(client);
        }
        finally
        {
            client.Kill();
        }
    }

    private static void AssertEndedBy(Signum signal, Process client)
    {
        Assert.True(client.WaitForExit(ProbeMount.Patience / 2), "the client outlives its signal");
        Assert.Equal(128 + (int)signal, client.ExitCode);
    }
}
