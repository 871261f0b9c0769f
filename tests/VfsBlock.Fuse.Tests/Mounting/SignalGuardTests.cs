using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>Sends real signals to this very process, one at a time, each only once the one before has been counted.</summary>
public sealed class SignalGuardTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>The guarded signals, without SIGHUP where nohup(1) or its like had it ignored: then it stays ignored.</summary>
    public static TheoryData<int, PosixSignal> Signals
    {
        get
        {
            var signals = new TheoryData<int, PosixSignal>
            {
                { 15, PosixSignal.SIGTERM },
                { 2, PosixSignal.SIGINT },
                { 3, PosixSignal.SIGQUIT },
            };
            if (!IgnoredSignals.Contains(1))
            {
                signals.Add(1, PosixSignal.SIGHUP);
            }

            return signals;
        }
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public void Signal_ThreeTimes_CallsBackOnceThenNothingThenEnds(int number, PosixSignal signal)
    {
        using var first = new BlockingCollection<PosixSignal>();
        using var end = new BlockingCollection<(int Status, int SentCount)>();
        using var seen = new BlockingCollection<PosixSignal>();
        int sentCount = 0;
        using var guard = new SignalGuard(first.Add, status => end.Add((status, Volatile.Read(ref sentCount))));
        using var witness = PosixSignalRegistration.Create(signal, context => seen.Add(context.Signal));
        while (sentCount < 3)
        {
            Interlocked.Increment(ref sentCount);
            Send(number, seen);
        }

        Assert.True(end.TryTake(out (int, int) ended, _patience));
        Assert.Equal((128 + number, 3), ended);
        Assert.True(first.TryTake(out PosixSignal received, _patience));
        Assert.Equal(signal, received);
        Assert.Empty(first);
        Assert.Empty(end);
    }

    private static void Send(int number, BlockingCollection<PosixSignal> seen)
    {
        Assert.Equal(0, Libc.Kill(Environment.ProcessId, number));
        Assert.True(seen.TryTake(out _, _patience), $"signal {number} never came");
    }
}
