namespace VfsBlock.Interop;

/// <summary>
/// A fixed number of equal buffers in one page-aligned piece of native memory, lent one by one as
/// <see cref="IoBufferLease"/>: the memory of requests to an <see cref="IIoQueue"/>.
/// </summary>
/// <remarks>
/// Owns the memory. Any thread may rent, use and return; a lock guards only the list of free buffers. What a lease may do
/// follows from one word per buffer: its generation (a returned lease never matches again) and how many requests in
/// flight use it. While a request fills a buffer nobody else may look at it; while requests write it to a file,
/// anybody may read it and nobody may change it. Nothing here allocates after the constructor.
/// <para>
/// A lease refers to its pool and keeps it alive; a span of a buffer does not. A span that outlives both the pool and every lease dangles, as
/// does one that outlives <see cref="Dispose"/>: hold the lease, or the pool, until after the last use.
/// </para>
/// </remarks>
public sealed class IoBufferPool : IDisposable
{
    // A buffer's use: this, or the number of requests in flight that read it.
    private const int BeingFilled = -1;

    private readonly Lock _gate = new();
    private readonly NativeBuffer _memory;
    private readonly long[] _states;
    private readonly int[] _free;
    private int _freeCount;

    /// <summary>Allocates all the memory, zeroed.</summary>
    /// <param name="bufferLengthBytes">Size of one buffer; a multiple of 4096 keeps each of them page-aligned, as O_DIRECT wants.</param>
    /// <param name="bufferCount">How many, 1 or more; all together stay under 2 GiB.</param>
    public IoBufferPool(int bufferLengthBytes, int bufferCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferLengthBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bufferCount, int.MaxValue / bufferLengthBytes);
        BufferLengthBytes = bufferLengthBytes;
        _memory = new NativeBuffer(bufferLengthBytes * bufferCount);
        _states = new long[bufferCount];
        _free = new int[bufferCount];
        for (int index = 0; index < bufferCount; index++)
        {
            // Generation 1: the lease that nobody gave out, default(IoBufferLease), never matches.
            _states[index] = State(generation: 1, use: 0);
            _free[index] = bufferCount - 1 - index;
        }

        _freeCount = bufferCount;
    }

    /// <summary>Size of one buffer in bytes.</summary>
    public int BufferLengthBytes { get; }

    /// <summary>How many buffers there are, free or not.</summary>
    public int BufferCount => _states.Length;

    /// <summary>The memory of all buffers.</summary>
    internal NativeBuffer Memory => _memory;

    /// <summary>How many buffers nobody has.</summary>
    public int FreeCount => Volatile.Read(ref _freeCount);

    /// <summary>Rents a buffer; it holds whatever its last user left.</summary>
    /// <exception cref="InvalidOperationException">None is free; return one, or ask by <see cref="TryRent"/>.</exception>
    public IoBufferLease Rent() => TryRent(out IoBufferLease lease)
        ? lease
        : throw new InvalidOperationException($"all {BufferCount} buffers are rented; return one first");

    /// <summary>Rents a buffer if one is free.</summary>
    public bool TryRent(out IoBufferLease lease)
    {
        lock (_gate)
        {
            if (_freeCount == 0)
            {
                lease = default;
                return false;
            }

            int index = _free[--_freeCount];
            lease = new IoBufferLease(this, index, Generation(Volatile.Read(ref _states[index])));
            return true;
        }
    }

    /// <summary>Frees the memory; leases still out end with it. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">A request in flight uses a buffer: reap it first.</exception>
    public void Dispose() => _memory.Dispose();

    /// <summary>Ends a lease; one that ended before is left alone.</summary>
    /// <exception cref="InvalidOperationException">A request in flight uses the buffer.</exception>
    internal void Return(int index, uint generation)
    {
        long idle = State(generation, use: 0);
        long state = Interlocked.CompareExchange(ref _states[index], State(generation + 1, use: 0), idle);
        if (state == idle)
        {
            lock (_gate)
            {
                _free[_freeCount++] = index;
            }
        }
        else if (Generation(state) == generation)
        {
            throw InFlight("returned");
        }
    }

    /// <summary>The buffer, for somebody who changes it or only looks at it.</summary>
    /// <exception cref="InvalidOperationException">A request in flight forbids that.</exception>
    /// <exception cref="ObjectDisposedException">The lease was returned, or the pool is gone.</exception>
    internal Span<byte> Open(int index, uint generation, bool forChange)
    {
        int use = Use(Current(index, generation));
        if (use == BeingFilled || (use != 0 && forChange))
        {
            throw InFlight(use == BeingFilled ? "used" : "changed");
        }

        return _memory.Span.Slice(index * BufferLengthBytes, BufferLengthBytes);
    }

    /// <summary>True while a request in flight uses the buffer.</summary>
    internal bool IsInFlight(int index, uint generation) => Use(Current(index, generation)) != 0;

    /// <summary>Lends a buffer to a request and answers its address.</summary>
    /// <param name="index">Which buffer.</param>
    /// <param name="generation">The lease's generation.</param>
    /// <param name="forFill">True if the request fills it, and so wants it alone.</param>
    internal nint Hold(int index, uint generation, bool forFill)
    {
        _memory.Hold();
        try
        {
            while (true)
            {
                long state = Current(index, generation);
                int use = Use(state);
                if (use == BeingFilled || (use != 0 && forFill))
                {
                    throw InFlight("given to this request");
                }

                long next = State(generation, forFill ? BeingFilled : use + 1);
                if (Interlocked.CompareExchange(ref _states[index], next, state) == state)
                {
                    return _memory.Address + (index * BufferLengthBytes);
                }
            }
        }
        catch
        {
            _memory.Release();
            throw;
        }
    }

    /// <summary>Ends one <see cref="Hold"/>.</summary>
    internal void Release(int index, uint generation)
    {
        long state;
        long next;
        do
        {
            state = Volatile.Read(ref _states[index]);
            int use = Use(state);
            if (Generation(state) != generation || use == 0)
            {
                throw new InvalidOperationException($"buffer {index} was released by a request that does not hold it");
            }

            next = State(generation, use == BeingFilled ? 0 : use - 1);
        }
        while (Interlocked.CompareExchange(ref _states[index], next, state) != state);
        _memory.Release();
    }

    private static long State(uint generation, int use) => ((long)generation << 32) | (uint)use;

    private static uint Generation(long state) => (uint)(state >> 32);

    private static int Use(long state) => (int)state;

    private static InvalidOperationException InFlight(string refused) =>
        new($"the buffer belongs to a request in flight and cannot be {refused}; reap the request first");

    private long Current(int index, uint generation)
    {
        long state = Volatile.Read(ref _states[index]);
        ObjectDisposedException.ThrowIf(Generation(state) != generation, typeof(IoBufferLease));
        return state;
    }
}
