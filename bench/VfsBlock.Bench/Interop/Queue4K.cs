using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using VfsBlock.Interop;

namespace VfsBlock.Bench;

/// <summary>
/// Background reads of 4 KiB, submitted and reaped: one alone, and sixteen together (figures are for one read). On a
/// tmpfs, where io_submit(2) reads before it returns: what is left is the price of the queue.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public unsafe class Queue4K : IDisposable
{
    private const int LengthBytes = 4096;
    private const int Depth = 16;

    private readonly IoRequest[] _requests = new IoRequest[Depth];
    private readonly IoCompletion[] _completions = new IoCompletion[Depth];
    private ScratchFile _file = null!;
    private IoBufferPool _pool = null!;
    private AioQueue _aio = null!;
    private ThreadQueue _threads = null!;
    private BareAio _bare = null!;
    private int _descriptor;
    private byte* _address;

    /// <summary>Makes the file and the queues.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _file = new ScratchFile();
        _descriptor = _file.Descriptor;
        _address = (byte*)_file.Memory.Address;
        _pool = new IoBufferPool(LengthBytes, Depth);
        for (int index = 0; index < Depth; index++)
        {
            _requests[index] = IoRequest.Read(_file.Host.Handle, _pool.Rent().All(), (long)index * LengthBytes, (ulong)index);
        }

        Errno error = AioQueue.TryCreate(Depth, out AioQueue? aio);
        _aio = aio ?? throw new BenchException($"no Linux AIO here: {ErrnoText.Describe(error)}; see /proc/sys/fs/aio-max-nr");
        _threads = new ThreadQueue(Depth);
        _bare = new BareAio(_descriptor, _file.Memory, LengthBytes, Depth);
    }

    /// <summary>Ends the queues and closes the file.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _bare.Dispose();
        _threads.Dispose();
        _aio.Dispose();
        _pool.Dispose();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>io_submit(2) and io_getevents(2).</summary>
    [Benchmark(Baseline = true, Description = "io_submit+io_getevents"), BenchmarkCategory("one")]
    public long BareOne() => _bare.SubmitAndReap(1);

    /// <summary>The same through our queue.</summary>
    [Benchmark(Description = "AioQueue"), BenchmarkCategory("one")]
    public int AioOne() => SubmitAndReap(_aio, 1);

    /// <summary>The same contract on threads.</summary>
    [Benchmark(Description = "ThreadQueue"), BenchmarkCategory("one")]
    public int ThreadsOne() => SubmitAndReap(_threads, 1);

    /// <summary>The call that waits.</summary>
    [Benchmark(Description = "pread"), BenchmarkCategory("one")]
    public long BareRead() => BareLibc.pread(_descriptor, _address, LengthBytes, 0);

    /// <summary>io_submit(2) and io_getevents(2).</summary>
    [Benchmark(Baseline = true, Description = "io_submit+io_getevents(16)", OperationsPerInvoke = Depth), BenchmarkCategory("many")]
    public long BareMany() => _bare.SubmitAndReap(Depth);

    /// <summary>The same through our queue.</summary>
    [Benchmark(Description = "AioQueue(16)", OperationsPerInvoke = Depth), BenchmarkCategory("many")]
    public int AioMany() => SubmitAndReap(_aio, Depth);

    /// <summary>The same contract on threads.</summary>
    [Benchmark(Description = "ThreadQueue(16)", OperationsPerInvoke = Depth), BenchmarkCategory("many")]
    public int ThreadsMany() => SubmitAndReap(_threads, Depth);

    private int SubmitAndReap(IoQueue queue, int count)
    {
        int submitted = queue.Submit(_requests.AsSpan(0, count));
        return queue.Reap(_completions, submitted, Timeout.InfiniteTimeSpan).Count;
    }
}
