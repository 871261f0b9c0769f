using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Log;

public class GroupCommitTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void Commit_ManyDuringARound_ShareExactlyOneMore()
    {
        using var round = new GatedRound();
        var group = new GroupCommit(round);
        Thread[] first = Start(1, () => Assert.Equal(Errno.None, group.Commit()));
        round.AwaitStart(1);

        // What these appended came after the first cut, so the first flush must not acknowledge it.
        long acknowledgedRound = long.MaxValue;
        Thread[] others = Start(8, () =>
        {
            Assert.Equal(Errno.None, group.Commit());
            InterlockedMin(ref acknowledgedRound, round.FinishedCount);
        });
        Await(() => group.WaitingCount == 8);
        round.Finish(Errno.None);
        round.AwaitStart(2);
        Assert.Equal(long.MaxValue, Volatile.Read(ref acknowledgedRound));
        round.Finish(Errno.None);

        Join(first);
        Join(others);
        Assert.Equal(2, round.FinishedCount);
        Assert.Equal(2, acknowledgedRound);
    }

    [Fact]
    public void Commit_RoundSaysEio_EveryWaiterAndEveryLaterCallFails()
    {
        using var round = new GatedRound();
        var group = new GroupCommit(round);
        int failedCount = 0;
        void Fail() => Interlocked.Add(ref failedCount, group.Commit() == Errno.EIO ? 1 : 0);
        Thread[] first = Start(1, Fail);
        round.AwaitStart(1);
        Thread[] others = Start(5, Fail);
        Await(() => group.WaitingCount == 5);

        round.Finish(Errno.EIO);

        Join(first);
        Join(others);
        Assert.Equal(6, failedCount);
        Assert.Equal(Errno.EIO, group.Commit());
        Assert.Equal(1, round.FinishedCount);
    }

    [Fact]
    public void Commit_RoundSaysNoSpace_TheNextTriesAgain()
    {
        using var round = new GatedRound();
        var group = new GroupCommit(round);
        Errno error = Errno.None;
        Thread[] first = Start(1, () => error = group.Commit());
        round.AwaitStart(1);
        round.Finish(Errno.ENOSPC);
        Join(first);
        Assert.Equal(Errno.ENOSPC, error);

        Thread[] second = Start(1, () => error = group.Commit());
        round.AwaitStart(2);
        round.Finish(Errno.None);
        Join(second);
        Assert.Equal(Errno.None, error);
    }

    [Fact]
    public void Commit_RoundThrows_OthersGetEio()
    {
        var group = new GroupCommit(new ThrowingRound());
        Assert.Throws<TimeoutException>(() => group.Commit());
        Assert.Equal(Errno.EIO, group.Commit());
    }

    [Fact]
    public void Enqueue_NobodyLeads_WakesALeader()
    {
        var round = new CountingRound();
        int wakeCount = 0;
        var group = new GroupCommit(round, () => wakeCount++);
        var waiter = new CountingWaiter();

        group.Enqueue(waiter);
        Assert.Equal((1, 0), (wakeCount, waiter.ToldCount));
        Assert.Throws<InvalidOperationException>(() => group.Enqueue(waiter));

        Assert.True(group.RunRound());
        Assert.Equal((1, 1), (waiter.ToldCount, round.Count));
        Assert.False(group.RunRound());
        group.Enqueue(waiter);
        Assert.Equal(2, wakeCount);
    }

    [Fact]
    public void Enqueue_DuringARound_WakesALeaderWhenItEnds()
    {
        using var round = new GatedRound();
        using var wanted = new SemaphoreSlim(0);
        var group = new GroupCommit(round, () => wanted.Release());
        Thread[] first = Start(1, () => group.Commit());
        round.AwaitStart(1);
        var waiter = new CountingWaiter();
        group.Enqueue(waiter);
        Assert.Equal(0, wanted.CurrentCount);

        round.Finish(Errno.None);

        Assert.True(wanted.Wait(_limit));
        Join(first);
        Assert.Equal(0, waiter.ToldCount);
        Thread[] leader = Start(1, () => group.RunRound());
        round.AwaitStart(2);
        round.Finish(Errno.None);
        Join(leader);
        Assert.Equal(1, waiter.ToldCount);
    }

    [Fact]
    public void Commit_ManyThreadsOverAndOver_NobodyIsForgottenAndNobodyTooEarly()
    {
        var round = new CountingRound();
        var group = new GroupCommit(round);
        const int ThreadCount = 8;
        const int CallCount = 2000;
        int earlyCount = 0;
        Thread[] threads = Start(ThreadCount, () =>
        {
            for (int call = 0; call < CallCount; call++)
            {
                long mine = round.Append();
                Errno error = group.Commit();
                Interlocked.Add(ref earlyCount, error != Errno.None || round.DurableThrough < mine ? 1 : 0);
            }
        });

        Join(threads);
        Assert.Equal(0, earlyCount);
        Assert.InRange(round.Count, 1, ThreadCount * CallCount);
    }

    [Fact]
    public void Enqueue_MixedWithCommit_NobodyIsForgotten()
    {
        var round = new CountingRound();
        using var wanted = new SemaphoreSlim(0);
        var group = new GroupCommit(round, () => wanted.Release());
        bool isOver = false;
        Thread[] leader = Start(1, () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                Assert.True(wanted.Wait(_limit));
                group.RunRound();
            }
        });
        Thread[] threads = Start(6, () =>
        {
            using var told = new SemaphoreSlim(0);
            var waiter = new SignalWaiter(told);
            for (int call = 0; call < 1000; call++)
            {
                long mine = round.Append();
                group.Enqueue(waiter);
                Assert.True(told.Wait(_limit), "lost wake-up");
                Assert.True(round.DurableThrough >= mine);
                group.Commit();
            }
        });
        Join(threads);
        Volatile.Write(ref isOver, true);
        wanted.Release();
        Join(leader);
    }

    [Fact]
    public void Commit_Alone_AllocatesNothing()
    {
        var group = new GroupCommit(new CountingRound());
        AllocationProbe.AssertNone(() => group.Commit());
    }

    private static Thread[] Start(int count, Action action)
    {
        var threads = new Thread[count];
        for (int index = 0; index < count; index++)
        {
            threads[index] = new Thread(() => action()) { IsBackground = true };
            threads[index].Start();
        }

        return threads;
    }

    private static void Join(Thread[] threads)
    {
        foreach (Thread thread in threads)
        {
            Assert.True(thread.Join(_limit), "a thread waits for ever");
        }
    }

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, _limit));

    private static void InterlockedMin(ref long target, long value)
    {
        long seen;
        while ((seen = Volatile.Read(ref target)) > value)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private sealed class GatedRound : ICommitRound, IDisposable
    {
        private readonly SemaphoreSlim _started = new(0);
        private readonly SemaphoreSlim _gate = new(0);
        private int _startedCount;
        private int _finishedCount;
        private Errno _error;

        public int FinishedCount => Volatile.Read(ref _finishedCount);

        public void AwaitStart(int number)
        {
            Assert.True(_started.Wait(_limit));
            Assert.Equal(number, Volatile.Read(ref _startedCount));
        }

        public void Finish(Errno error)
        {
            _error = error;
            _gate.Release();
        }

        public void Dispose()
        {
            _started.Dispose();
            _gate.Dispose();
        }

        public Errno Run()
        {
            Interlocked.Increment(ref _startedCount);
            _started.Release();
            if (!_gate.Wait(_limit))
            {
                return Errno.ETIMEDOUT;
            }

            Interlocked.Increment(ref _finishedCount);
            return _error;
        }
    }

    private sealed class ThrowingRound : ICommitRound
    {
        public Errno Run() => throw new TimeoutException();
    }

    private sealed class CountingRound : ICommitRound
    {
        private long _appended;
        private long _durable;

        public int Count { get; private set; }

        public long DurableThrough => Volatile.Read(ref _durable);

        public long Append() => Interlocked.Increment(ref _appended);

        public Errno Run()
        {
            Count++;
            Volatile.Write(ref _durable, Volatile.Read(ref _appended));
            return Errno.None;
        }
    }

    private sealed class CountingWaiter : CommitWaiter
    {
        public int ToldCount { get; private set; }

        protected internal override void OnCommitted(Errno error) => ToldCount++;
    }

    private sealed class SignalWaiter(SemaphoreSlim told) : CommitWaiter
    {
        protected internal override void OnCommitted(Errno error) => told.Release();
    }
}
