using Microsoft.Win32.SafeHandles;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <content>Requests that fail alone, and a queue that is full.</content>
public abstract partial class IoQueueTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [Trait("Id", "AIO-06")]
    public void AIO06_Transfer_NegativeOffset_CompletesWithEinval(bool isWrite, bool isVectored)
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferSlice buffer = Pool(4096, 1).Rent().All();
        IoBufferSlice[] buffers = [buffer, buffer];

        Assert.True(queue.Submit((isWrite, isVectored) switch
        {
            (false, false) => IoRequest.Read(file, buffer, -1, tag: 0),
            (false, true) => IoRequest.ReadVectored(file, buffers, -1, tag: 0),
            (true, false) => IoRequest.Write(file, buffer, -1, tag: 0),
            (true, true) => IoRequest.WriteVectored(file, buffers, -1, tag: 0),
        }));

        Assert.Equal(IoResult.Fail(Errno.EINVAL), ReapOne(queue).Result);
    }

    [Fact]
    [Trait("Id", "AIO-08")]
    public void AIO08_Write_BrokenPipe_CompletesWithEpipe()
    {
        using PipePair pipe = PipePair.Pipe();
        pipe.Reader.Dispose();
        IIoQueue queue = Queue(depth: 4);

        queue.Submit(IoRequest.Write(pipe.Writer.Handle, Pool(4096, 1).Rent().All(), 0, tag: 0));

        Assert.Equal(IoResult.Fail(Errno.EPIPE), ReapOne(queue).Result);
    }

    [Fact]
    [Trait("Id", "AIO-11")]
    public void AIO11_Submit_BadRequestsAmongGoodOnes_FailAloneWithTheirErrno()
    {
        IIoQueue queue = Queue(depth: 8);
        SafeFileHandle file = OpenData();
        IoBufferPool pool = Pool(16, 6);
        using var badDescriptor = new SafeFileHandle(-1, ownsHandle: false);
        var closed = new SafeFileHandle(0, ownsHandle: false);
        closed.Dispose();
        SafeFileHandle readOnly = Own(File.OpenHandle(DataPath));

        int taken = queue.Submit(
        [
            IoRequest.Write(file, pool.Rent().All(), 0, tag: 0),
            IoRequest.Write(badDescriptor, pool.Rent().All(), 0, tag: 1),
            IoRequest.Write(closed, pool.Rent().All(), 0, tag: 2),
            IoRequest.Write(file, pool.Rent().All(), 16, tag: 3),
            IoRequest.Write(readOnly, pool.Rent().All(), 0, tag: 4),
            IoRequest.Write(file, pool.Rent().All(), 32, tag: 5, (RwFlags)0x4000_0000),
        ]);

        Assert.Equal(6, taken);
        Assert.Equal(
            [Errno.None, Errno.EBADF, Errno.EBADF, Errno.None, Errno.EBADF, Errno.EOPNOTSUPP],
            ReapByTag(queue, 6).Select(c => c.Result.Error));
        Assert.Equal(32, new FileInfo(DataPath).Length);
    }

    [Fact]
    [Trait("Id", "AIO-12")]
    public void AIO12_Submit_MoreThanTheDepth_TakesTheFrontUntilSomeAreReaped()
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        IoRequest[] requests = [.. Enumerable.Range(0, 10).Select(i => IoRequest.Write(file, lease.All(), i * 16, (ulong)i))];

        Assert.Equal(4, queue.Submit(requests));
        Assert.Equal(0, queue.Submit(requests.AsSpan(4)));
        Assert.False(queue.WaitForRoom(TimeSpan.Zero));
        Assert.Equal([0uL, 1, 2, 3], ReapByTag(queue, 4).Select(c => c.Tag));
        Assert.True(queue.WaitForRoom(TimeSpan.Zero));
        Assert.Equal(4, queue.Submit(requests.AsSpan(4)));
        Assert.Equal([4uL, 5, 6, 7], ReapByTag(queue, 4).Select(c => c.Tag));
    }

    [Fact]
    [Trait("Id", "AIO-12")]
    public void AIO12_SeveralSubmittersOneReaper_EveryRequestIsDoneOnce()
    {
        const int ThreadCount = 4, PerThread = 200;
        IIoQueue queue = Queue(depth: 8);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        Thread[] submitters = [.. Enumerable.Range(0, ThreadCount).Select(thread => new Thread(() =>
        {
            for (int index = 0; index < PerThread; index++)
            {
                int tag = (thread * PerThread) + index;
                while (!queue.Submit(IoRequest.Write(file, lease.All(), tag * 16L, (ulong)tag)))
                {
                    queue.WaitForRoom(HangLimit);
                }
            }
        }))];
        Array.ForEach(submitters, thread => thread.Start());

        var seen = new HashSet<ulong>();
        var completions = new IoCompletion[5];
        while (seen.Count < ThreadCount * PerThread)
        {
            ReapResult reaped = queue.Reap(completions, 1, HangLimit);
            Assert.Equal(ReapEnd.Enough, reaped.End);
            Assert.All(completions[..reaped.Count], c => Assert.Equal(IoResult.Ok(16), c.Result));
            Assert.All(completions[..reaped.Count], c => Assert.True(seen.Add(c.Tag), $"tag {c.Tag} came twice"));
        }

        Array.ForEach(submitters, thread => thread.Join());
        Assert.Equal(0, queue.InFlightCount);
    }

    [Fact]
    public void Submit_MoreBuffersThanTheLimit_IsRefusedWhole()
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferLease lease = Pool(16, 1).Rent();
        IoBufferSlice[] tooMany = [.. Enumerable.Repeat(lease.All(), queue.BufferLimit + 1)];

        Assert.Throws<ArgumentException>(() => queue.Submit(
            [IoRequest.Write(file, lease.All(), 0, tag: 0), IoRequest.WriteVectored(file, tooMany, 0, tag: 1)]));

        Assert.Equal(0, queue.InFlightCount);
        Assert.False(lease.IsInFlight);
        Assert.Equal(0, new FileInfo(DataPath).Length);
    }
}
