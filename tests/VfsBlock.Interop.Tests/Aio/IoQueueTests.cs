using Microsoft.Win32.SafeHandles;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>
/// The contract of <see cref="IIoQueue"/>, one body for every implementation: this part has the fixture and the transfers.
/// </summary>
public abstract partial class IoQueueTests : IDisposable
{
    /// <summary>A wait that only a hang reaches.</summary>
    private protected static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(60);

    private readonly List<IDisposable> _owned = [];
    private readonly TempDirectory _directory = new();

    private protected string DataPath => _directory.File("data");

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Write_ThenRead_SameBytes(int bufferCount)
    {
        IIoQueue queue = Queue(depth: 4);
        IoBufferPool pool = Pool(4096, 2 * bufferCount);
        SafeFileHandle file = OpenData();
        IoBufferLease[] written = [.. Enumerable.Range(0, bufferCount).Select(_ => pool.Rent())];
        IoBufferLease[] read = [.. Enumerable.Range(0, bufferCount).Select(_ => pool.Rent())];
        for (int index = 0; index < bufferCount; index++)
        {
            new Random(index).NextBytes(written[index].Span);
        }

        Assert.True(queue.Submit(bufferCount == 1
            ? IoRequest.Write(file, written[0].All(), 512, tag: 7)
            : IoRequest.WriteVectored(file, Slices(written), 512, tag: 7)));
        Assert.Equal(new IoCompletion(7, IoResult.Ok(4096 * bufferCount)), ReapOne(queue));
        Assert.True(queue.Submit(bufferCount == 1
            ? IoRequest.Read(file, read[0].All(), 512, tag: 8)
            : IoRequest.ReadVectored(file, Slices(read), 512, tag: 8)));
        Assert.Equal(new IoCompletion(8, IoResult.Ok(4096 * bufferCount)), ReapOne(queue));

        for (int index = 0; index < bufferCount; index++)
        {
            Assert.True(written[index].ReadOnlySpan.SequenceEqual(read[index].ReadOnlySpan), $"buffer {index}");
        }

        Assert.Equal(512 + (4096 * bufferCount), new FileInfo(DataPath).Length);
    }

    [Fact]
    public void WriteThenRead_FourMebibytesInSmallPiecesAtDepth8_SameBytes() => WriteAndReadInPieces(OpenData());

    [Fact]
    public void ReadVectored_PiecesOfOneBuffer_FillItInOrder()
    {
        File.WriteAllBytes(DataPath, "abcdefgh"u8.ToArray());
        IIoQueue queue = Queue(depth: 4);
        IoBufferLease lease = Pool(8, 1).Rent();

        IoBufferSlice[] slices = [lease.Slice(4, 4), lease.Slice(0, 0), lease.Slice(0, 4)];
        queue.Submit(IoRequest.ReadVectored(OpenData(), slices, 0, tag: 0));

        Assert.Equal(IoResult.Ok(8), ReapOne(queue).Result);
        Assert.Equal("efghabcd"u8.ToArray(), lease.ReadOnlySpan.ToArray());
    }

    [Fact]
    public void Read_OverTheEndOfTheFile_IsShortWithoutAnError()
    {
        File.WriteAllBytes(DataPath, new byte[5000]);
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferPool pool = Pool(4096, 2);

        queue.Submit([IoRequest.Read(file, pool.Rent().All(), 4096, tag: 0), IoRequest.Read(file, pool.Rent().All(), 5000, tag: 1)]);

        Assert.Equal([IoResult.Ok(904), IoResult.Ok(0)], ReapByTag(queue, 2).Select(c => c.Result));
    }

    [Fact]
    public void Read_FromAPipe_IsShortAsReadIs()
    {
        using PipePair pipe = PipePair.Pipe();
        pipe.Writer.WriteNext("hello"u8);
        IIoQueue queue = Queue(depth: 4);
        IoBufferLease lease = Pool(4096, 1).Rent();

        queue.Submit(IoRequest.Read(pipe.Reader.Handle, lease.All(), 0, tag: 0));

        Assert.Equal(IoResult.Ok(5), ReapOne(queue).Result);
        Assert.Equal("hello"u8.ToArray(), lease.ReadOnlySpan[..5].ToArray());
    }

    [Fact]
    public void Write_Empty_IsDoneWithNoBytes()
    {
        IIoQueue queue = Queue(depth: 4);
        IoBufferLease lease = Pool(4096, 1).Rent();

        queue.Submit(IoRequest.Write(OpenData(), lease.Slice(0, 0), 0, tag: 0));

        Assert.Equal(IoResult.Ok(0), ReapOne(queue).Result);
    }

    [Fact]
    public void Sync_AfterWrites_EndsWithoutBytes()
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();

        queue.Submit([IoRequest.Sync(file, tag: 0), IoRequest.DataSync(file, tag: 1)]);

        Assert.Equal([IoResult.Ok(0), IoResult.Ok(0)], ReapByTag(queue, 2).Select(c => c.Result));
    }

    [Fact]
    public void Append_Flag_WritesAtTheEnd()
    {
        File.WriteAllBytes(DataPath, "abc"u8.ToArray());
        IIoQueue queue = Queue(depth: 4);
        IoBufferLease lease = Pool(4096, 1).Rent();
        "def"u8.CopyTo(lease.Span);

        queue.Submit(IoRequest.Write(OpenData(), lease.Slice(0, 3), 0, tag: 0, RwFlags.Append));

        Assert.Equal(IoResult.Ok(3), ReapOne(queue).Result);
        Assert.Equal("abcdef"u8.ToArray(), File.ReadAllBytes(DataPath));
    }

    [Fact]
    public void WriteAndReap_SteadyState_AllocatesNothing()
    {
        IIoQueue queue = Queue(depth: 4);
        SafeFileHandle file = OpenData();
        IoBufferPool pool = Pool(4096, 4);
        IoBufferLease kept = pool.Rent();
        IoBufferSlice[] vector = [kept.Slice(0, 2048), kept.Slice(2048, 2048)];
        var completions = new IoCompletion[4];

        AllocationProbe.AssertNone(() =>
        {
            using IoBufferLease lease = pool.Rent();
            queue.Submit(IoRequest.Write(file, lease.All(), 0, tag: 0));
            queue.Submit(IoRequest.WriteVectored(file, vector, 4096, tag: 1));
            queue.Reap(completions, 2, HangLimit);
        });
    }

    /// <summary>The queue under test.</summary>
    private protected abstract IIoQueue Make(int depth);

    private protected virtual void Dispose(bool disposing)
    {
        // Newest first: queues before the buffers and files that their requests use.
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
        {
            owned.Dispose();
        }

        _directory.Dispose();
    }

    private protected static IoCompletion ReapOne(IIoQueue queue) => Assert.Single(ReapByTag(queue, 1));

    private protected static IoCompletion[] ReapByTag(IIoQueue queue, int count)
    {
        var completions = new IoCompletion[count];
        Assert.Equal(new ReapResult(count, ReapEnd.Enough), queue.Reap(completions, count, HangLimit));
        return [.. completions.OrderBy(c => c.Tag)];
    }

    private protected static IoBufferSlice[] Slices(IoBufferLease[] leases) => [.. leases.Select(lease => lease.All())];

    private protected IIoQueue Queue(int depth) => Own(Make(depth));

    private protected SafeFileHandle OpenData() =>
        Own(File.OpenHandle(DataPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));

    private protected T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    // Owned before the queue is made or after it, a pool outlives the queue: it goes to the front.
    private protected IoBufferPool Pool(int bufferLengthBytes, int bufferCount)
    {
        var pool = new IoBufferPool(bufferLengthBytes, bufferCount);
        _owned.Insert(0, pool);
        return pool;
    }

    private protected void WriteAndReadInPieces(SafeFileHandle file)
    {
        const int PieceLength = 4096, PieceCount = 1024;
        byte[] expected = ScratchFile.Pattern(PieceLength * PieceCount);
        byte[] actual = new byte[expected.Length];
        IIoQueue queue = Queue(depth: 8);
        IoBufferPool pool = Pool(PieceLength, 8);

        RunPieces(queue, pool, PieceCount, (lease, piece) =>
        {
            expected.AsSpan(piece * PieceLength, PieceLength).CopyTo(lease.Span);
            return IoRequest.Write(file, lease.All(), (long)piece * PieceLength, (ulong)piece);
        });
        Assert.Equal(expected, File.ReadAllBytes(DataPath));
        RunPieces(
            queue,
            pool,
            PieceCount,
            (lease, piece) => IoRequest.Read(file, lease.All(), (long)piece * PieceLength, (ulong)piece),
            (lease, piece) => lease.ReadOnlySpan.CopyTo(actual.AsSpan(piece * PieceLength)));

        Assert.Equal(expected, actual);
    }

    // Keeps the queue as full as it gets until every piece is done.
    private static void RunPieces(IIoQueue queue, IoBufferPool pool, int pieceCount, Func<IoBufferLease, int, IoRequest> describe, Action<IoBufferLease, int>? done = null)
    {
        var leases = new Dictionary<ulong, IoBufferLease>();
        var completions = new IoCompletion[queue.Depth];
        int next = 0;
        for (int finished = 0; finished < pieceCount;)
        {
            while (next < pieceCount && pool.TryRent(out IoBufferLease lease))
            {
                Assert.True(queue.Submit(describe(lease, next)));
                leases.Add((ulong)next++, lease);
            }

            ReapResult reaped = queue.Reap(completions, 1, HangLimit);
            Assert.Equal(ReapEnd.Enough, reaped.End);
            foreach (IoCompletion completion in completions.AsSpan(0, reaped.Count))
            {
                Assert.Equal(IoResult.Ok(pool.BufferLengthBytes), completion.Result);
                Assert.True(leases.Remove(completion.Tag, out IoBufferLease lease));
                done?.Invoke(lease, (int)completion.Tag);
                lease.Dispose();
                finished++;
            }
        }
    }
}
