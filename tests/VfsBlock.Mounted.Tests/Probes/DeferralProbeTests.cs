using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Mono.Unix.Native;
using VfsBlock.Fuse;
using VfsBlock.TestKit;
using Xunit;
using Errno = VfsBlock.Interop.Errno;
using IoResult = VfsBlock.Interop.IoResult;

namespace VfsBlock.Mounted.Tests;

/// <summary>Requests that are answered later, by another thread than the one that took them.</summary>
public sealed class DeferralProbeTests
{
    private const int BlockBytes = 4096;
    private const int BlockCount = 6;
    private static readonly FuseSessionOptions _oneThread = new() { ThreadCount = 1, DeferredPerThread = BlockCount };

    /// <summary>The one serving thread has all of them waiting and still serves what comes between.</summary>
    [MountedFact]
    public void Read_DeferredForMany_IsAnsweredInAnyOrderWhileOthersGoOn()
    {
        DeferralProbe probe = NewProbe();
        byte[] content = probe.Content();
        ProbeMount.Run(
            probe,
            mount =>
            {
                int file = Caller.Open(mount.File);
                byte[][] buffers = NewBuffers();
                ClientThread<IoResult>[] clients = [.. Blocks().Select(block => new ClientThread<IoResult>(
                    () => Caller.TryReadAt(file, Offset(block), buffers[block])))];
                WaitUntilHeld(probe, BlockCount);
                foreach (int block in new[] { 5, 0, 3, 1, 4, 2 })
                {
                    Assert.Equal(content.Length, Caller.Size(mount.File));
                    Assert.False(clients[block].HasEnded);
                    probe.Answer(Offset(block));

                    // All others still wait: this one did not have to wait for them.
                    Assert.Equal(IoResult.Ok(BlockBytes), clients[block].Result);
                    Assert.Equal(Part(content, block), buffers[block]);
                }

                Assert.Equal(0, probe.RefusedCount);
                Caller.Close(file);
            },
            _oneThread);
    }

    [MountedFact]
    public void Write_DeferredForMany_KeepsEachOnesDataUntilItIsAnswered()
    {
        DeferralProbe probe = NewProbe();
        byte[] written = ProbeFileSystem.Pattern(BlockCount * BlockBytes, seed: 5);
        ProbeMount.Run(
            probe,
            mount =>
            {
                int file = Caller.Open(mount.File);
                ClientThread<int>[] clients = [.. Blocks().Select(block => new ClientThread<int>(() =>
                {
                    Caller.WriteAt(file, Offset(block), written.AsSpan((int)Offset(block), BlockBytes));
                    return block;
                }))];
                WaitUntilHeld(probe, BlockCount);
                byte[] before = probe.Content();
                foreach (int block in new[] { 2, 4, 1, 3, 0, 5 })
                {
                    Caller.Size(mount.File);
                    Assert.Equal(Part(before, block), Part(probe.Content(), block));
                    probe.Answer(Offset(block));
                    Assert.Equal(block, clients[block].Result);
                }

                Assert.Equal(written, probe.Content());
                Caller.Close(file);
            },
            _oneThread);
    }

    [MountedFact]
    public void Read_MoreThanMayBeDeferred_IsAnsweredAtOnce()
    {
        DeferralProbe probe = NewProbe();
        byte[] content = probe.Content();
        ProbeMount.Run(
            probe,
            mount =>
            {
                int file = Caller.Open(mount.File);

                // Twice: what was given back can be taken again.
                for (int round = 1; round <= 2; round++)
                {
                    byte[][] buffers = NewBuffers();
                    ClientThread<IoResult>[] clients = [.. Blocks().Take(2).Select(block => new ClientThread<IoResult>(
                        () => Caller.TryReadAt(file, Offset(block), buffers[block])))];
                    WaitUntilHeld(probe, 2);
                    Assert.Equal(Part(content, 4), Caller.ReadAt(file, Offset(4), BlockBytes));
                    Assert.Equal(round, probe.RefusedCount);
                    probe.Answer(Offset(0));
                    probe.Answer(Offset(1));
                    Assert.All(clients, client => Assert.Equal(IoResult.Ok(BlockBytes), client.Result));
                }

                Caller.Close(file);
            },
            _oneThread with { DeferredPerThread = 2 });
    }

    [MountedFact]
    public void Stop_WithDeferredRequests_StrandsNone()
    {
        DeferralProbe probe = NewProbe();
        byte[] content = probe.Content();
        ProbeMount.Run(
            probe,
            mount =>
            {
                byte[][] buffers = NewBuffers();
                ClientThread<IoResult>[] clients = [.. Blocks().Select(block => new ClientThread<IoResult>(() =>
                {
                    int file = Caller.Open(mount.File);
                    IoResult result = Caller.TryReadAt(file, Offset(block), buffers[block]);
                    Caller.Close(file);
                    return result;
                }))];
                WaitUntilHeld(probe, BlockCount);
                mount.Session.Stop();
                Assert.Null(MountTable.Find(mount.Root));
                Assert.False(mount.Session.WaitForUnmount(TimeSpan.Zero));
                foreach (int block in Blocks().Reverse())
                {
                    Assert.Equal(0, probe.StoppedCount);
                    probe.Answer(Offset(block));
                    Assert.Equal(IoResult.Ok(BlockBytes), clients[block].Result);
                    Assert.Equal(Part(content, block), buffers[block]);
                }

                Assert.True(mount.Session.WaitForUnmount(ProbeMount.Patience / 2), "the session goes on");
                Assert.Equal((1, null), (probe.StoppedCount, mount.Session.Failure));
            },
            _oneThread);
    }

    /// <summary>By root: cutting the connection takes the kernel's control files.</summary>
    /// <remarks>
    /// An unmount is over for the serving threads only when its last request is answered. An abort is over at once, so here the session itself
    /// must wait for the file system, which still works on the requests.
    /// </remarks>
    [DirectMountFact]
    public void Abort_WithDeferredRequests_EndsOnlyWhenTheyAreAnswered()
    {
        DeferralProbe probe = NewProbe();
        var log = new ErrorLog();
        ProbeMount.Run(
            probe,
            mount =>
            {
                int file = Caller.Open(mount.File);
                ClientThread<IoResult>[] clients = [.. Blocks().Select(block => new ClientThread<IoResult>(
                    () => Caller.TryReadAt(file, Offset(block), new byte[BlockBytes])))];
                WaitUntilHeld(probe, BlockCount);
                Assert.Equal(Errno.None, mount.Session.ActiveMount!.Connection.Abort());
                Assert.All(clients, client => Assert.Equal(IoResult.Fail(Errno.ECONNABORTED), client.Result));
                foreach (int block in Blocks())
                {
                    // Long enough for a session that does not wait to be caught; one that waits passes on any machine.
                    Assert.False(mount.Session.WaitForUnmount(TimeSpan.FromMilliseconds(50)), $"the session ended before request {block} was answered");
                    Assert.Equal(0, probe.StoppedCount);
                    probe.Answer(Offset(block));
                }

                Assert.True(mount.Session.WaitForUnmount(ProbeMount.Patience / 2), "the session goes on");
                Assert.Equal(1, probe.StoppedCount);
                Assert.Empty(log.Errors);
                _ = Syscall.close(file);
            },
            _oneThread with { Logger = log });
    }

    /// <summary>By root: cutting the connection takes the kernel's control files.</summary>
    [DirectMountFact]
    public void Dispose_DeferredRequestsThatNobodyAnswers_FreesTheirCallersAndTellsWhatWasLeft()
    {
        DeferralProbe probe = NewProbe();
        var log = new ErrorLog();
        ProbeMount.Run(
            probe,
            mount =>
            {
                int file = Caller.Open(mount.File);
                ClientThread<IoResult>[] clients = [.. Blocks().Select(block => new ClientThread<IoResult>(
                    () => Caller.TryReadAt(file, Offset(block), new byte[BlockBytes])))];
                WaitUntilHeld(probe, BlockCount);
                mount.Session.Dispose();
                Assert.All(clients, client => Assert.Equal(IoResult.Fail(Errno.ECONNABORTED), client.Result));
                Assert.Null(MountTable.Find(mount.Root));
                Assert.True(mount.Session.WaitForUnmount(ProbeMount.Patience / 2), "the session goes on");
                Assert.Contains(log.Errors, error => error.Contains($"{BlockCount} requests", StringComparison.Ordinal));

                // The file system does not know that it is too late, and nothing comes of it.
                foreach (int block in Blocks())
                {
                    probe.Answer(Offset(block));
                }

                Assert.Equal(1, probe.StoppedCount);
                _ = Syscall.close(file);
            },
            _oneThread with { StopTimeout = TimeSpan.FromMilliseconds(50), Logger = log });
    }

    private static DeferralProbe NewProbe()
    {
        var probe = new DeferralProbe();
        probe.SetContent(ProbeFileSystem.Pattern(BlockCount * BlockBytes, seed: 4));
        return probe;
    }

    private static IEnumerable<int> Blocks() => Enumerable.Range(0, BlockCount);

    private static byte[][] NewBuffers() => [.. Blocks().Select(_ => new byte[BlockBytes])];

    private static long Offset(int block) => (long)block * BlockBytes;

    private static byte[] Part(byte[] content, int block) => content.AsSpan(block * BlockBytes, BlockBytes).ToArray();

    private static void WaitUntilHeld(DeferralProbe probe, int count) =>
        ProbeMount.WaitUntil(() => probe.HeldCount == count, $"{count} deferred requests");

    private sealed class ErrorLog : ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Errors.Enqueue(formatter(state, exception));
    }
}
