using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <content>Reaping: minimum, timeout, signals, cancellation, notification.</content>
public abstract partial class IoQueueTests
{
    [Fact]
    [Trait("Id", "AIO-09")]
    public void AIO09_Reap_NothingInFlight_TimesOutWithNothing()
    {
        IIoQueue queue = Queue(depth: 4);
        var completions = new IoCompletion[4];

        Assert.Equal(new ReapResult(0, ReapEnd.TimedOut), queue.Reap(completions, 1, TimeSpan.Zero));
        Assert.Equal(new ReapResult(0, ReapEnd.TimedOut), queue.Reap(completions, 1, TimeSpan.FromTicks(1)));
        Assert.Equal(new ReapResult(0, ReapEnd.TimedOut), queue.Reap(completions, 4, TimeSpan.FromMilliseconds(20)));
        Assert.Equal(new ReapResult(0, ReapEnd.Enough), queue.Reap([], 0, Timeout.InfiniteTimeSpan));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    [Trait("Id", "AIO-10")]
    public void AIO10_Reap_MinimumOverRoomOrNegative_IsRefused(int minimum)
    {
        IIoQueue queue = Queue(depth: 4);

        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Reap(new IoCompletion[4], minimum, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Reap(new IoCompletion[4], 1, TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void Reap_MinimumOfAll_WaitsForRequestsSubmittedMeanwhile()
    {
        IIoQueue queue = Queue(depth: 8);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        var submitter = new Thread(() =>
        {
            for (int index = 0; index < 8; index++)
            {
                Thread.Sleep(1);
                queue.Submit(IoRequest.Write(file, lease.All(), index * 16L, (ulong)index));
            }
        });
        submitter.Start();

        Assert.Equal([0uL, 1, 2, 3, 4, 5, 6, 7], ReapByTag(queue, 8).Select(c => c.Tag));
        submitter.Join();
    }

    [Fact]
    public void Reap_RequestRefusedByAnotherThread_EndsTheWait()
    {
        IIoQueue queue = Queue(depth: 4);
        IoBufferSlice buffer = Pool(16, 1).Rent().All();
        SafeFileHandle file = OpenData();
        var submitter = new Thread(() =>
        {
            Thread.Sleep(5);
            queue.Submit(IoRequest.Write(file, buffer, -1, tag: 3));
        });
        submitter.Start();

        Assert.Equal(new IoCompletion(3, IoResult.Fail(Errno.EINVAL)), ReapOne(queue));
        submitter.Join();
    }

    [Fact]
    public void Reap_SignalsWhileWaiting_GoesOnToTheMinimum()
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        int reaperId = 0;
        ReapResult? result = null;
        var reaper = new Thread(() =>
        {
            Volatile.Write(ref reaperId, ThreadSignal.CurrentThread);
            result = queue.Reap(new IoCompletion[2], 2, HangLimit);
        });
        reaper.Start();
        Assert.True(SpinWait.SpinUntil(() => ((IoQueue)queue).IsReaping, HangLimit));

        for (int round = 0; round < 50; round++)
        {
            ThreadSignal.Send(reaperId);
            Thread.Sleep(1);
            if (round == 25)
            {
                queue.Submit(IoRequest.Write(file, lease.All(), 0, tag: 0));
            }
        }

        Assert.True(((IoQueue)queue).IsReaping);
        queue.Submit(IoRequest.Write(file, lease.All(), 0, tag: 1));
        reaper.Join();
        Assert.Equal(new ReapResult(2, ReapEnd.Enough), result);
    }

    [Fact]
    public void Reap_FromASecondThread_IsRefused()
    {
        IIoQueue queue = Queue(depth: 4);
        using var cancellation = new CancellationTokenSource();
        ReapResult? result = null;
        var reaper = new Thread(() => result = queue.Reap(new IoCompletion[1], 1, HangLimit, cancellation.Token));
        reaper.Start();

        Assert.True(SpinWait.SpinUntil(() => ((IoQueue)queue).IsReaping, HangLimit));
        Assert.Throws<InvalidOperationException>(() => queue.Reap([], 0, TimeSpan.Zero));
        cancellation.Cancel();
        reaper.Join();
        Assert.Equal(new ReapResult(0, ReapEnd.Cancelled), result);
    }

    [Fact]
    [Trait("Id", "AIO-17")]
    public void AIO17_Cancellation_StopsTheWaitingAndSaysSoAndTheRequestRunsOn()
    {
        IIoQueue queue = Queue(depth: 4);
        IoBufferLease lease = Pool(16, 1).Rent();
        using var busy = new Busy(queue, lease, tag: 9);
        using var cancellation = new CancellationTokenSource();
        var completions = new IoCompletion[1];

        using (var later = new Timer(_ => cancellation.Cancel(), null, 10, Timeout.Infinite))
        {
            Assert.Equal(new ReapResult(0, ReapEnd.Cancelled), queue.Reap(completions, 1, HangLimit, cancellation.Token));
        }

        Assert.Equal(new ReapResult(0, ReapEnd.Cancelled), queue.Reap(completions, 1, HangLimit, new CancellationToken(canceled: true)));
        Assert.Equal(1, queue.InFlightCount);
        Assert.True(lease.IsInFlight);

        busy.Feed("late"u8);
        Assert.Equal(new IoCompletion(9, IoResult.Ok(4)), ReapOne(queue));
        Assert.Equal("late"u8.ToArray(), lease.ReadOnlySpan[..4].ToArray());
    }

    [Fact]
    [Trait("Id", "AIO-13")]
    public void AIO13_NotificationDescriptor_IsReadableWhileThereIsSomethingToReap()
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        var completions = new IoCompletion[1];
        Assert.False(IsReadable(queue, TimeSpan.Zero));

        queue.Submit([IoRequest.Write(file, lease.All(), 0, tag: 0), IoRequest.Write(file, lease.All(), 0, tag: 1)]);
        for (int left = 2; left > 0; left--)
        {
            Assert.True(IsReadable(queue, HangLimit), $"{left} left");
            Assert.Equal(1, queue.Reap(completions, 1, HangLimit).Count);
        }

        // A thread that finished a request may raise the signal late, after its completion was reaped.
        Assert.True(SpinWait.SpinUntil(
            () => queue.Reap(completions, 0, TimeSpan.Zero).Count == 0 && !IsReadable(queue, TimeSpan.Zero),
            HangLimit));
    }

    private static unsafe bool IsReadable(IIoQueue queue, TimeSpan timeout)
    {
        var request = new PollDescriptor { FileDescriptor = queue.NotificationDescriptor, Asked = PollDescriptor.Readable };
        int count;
        do
        {
            count = Libc.Poll(&request, 1, (int)timeout.TotalMilliseconds);
        }
        while (count == -(int)Errno.EINTR);
        return count == 1;
    }
}
