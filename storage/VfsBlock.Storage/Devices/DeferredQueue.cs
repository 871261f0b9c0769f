using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// A queue for devices without a background of their own: a write is carried out when it is reaped, by the thread that reaps. Until then
/// the device has not got it, as with a disk that takes its time.
/// </summary>
/// <remarks>
/// Owns its slots and holds the buffers of what is in flight. One lock guards the lists; no write runs under it. Threads and the end:
/// see <see cref="IDeviceQueue"/>.
/// </remarks>
internal sealed class DeferredQueue : IDeviceQueue
{
    private const int MaxBuffers = 64;

    private readonly object _gate = new();
    private readonly IBlockDevice _device;
    private readonly Func<DeferredWrite, IoResult> _write;
    private readonly Action<DeferredWrite>? _onSubmit;
    private readonly Random? _order;
    private readonly DeferredWrite[] _free;
    private readonly DeferredWrite[] _waiting;
    private int _freeCount;
    private int _waitingCount;
    private int _inFlightCount;
    private bool _isReaping;
    private bool _isClosed;

    /// <summary>Makes a queue.</summary>
    /// <param name="device">What ranges are checked against.</param>
    /// <param name="write">Carries a write out; the range was checked.</param>
    /// <param name="depth">How many writes it holds, 1 or more.</param>
    /// <param name="onSubmit">Sees each write when it is submitted, under the queue's lock; so in the order of submission.</param>
    /// <param name="order">Picks the order of completion, and how many complete at a time; as submitted, all of them, unless given.</param>
    public DeferredQueue(
        IBlockDevice device, Func<DeferredWrite, IoResult> write, int depth, Action<DeferredWrite>? onSubmit = null, Random? order = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        DeviceRules.DemandWritable(device);
        _device = device;
        _write = write;
        _onSubmit = onSubmit;
        _order = order;
        _waiting = new DeferredWrite[depth];
        _free = new DeferredWrite[depth];
        for (int index = 0; index < depth; index++)
        {
            _free[index] = new DeferredWrite(MaxBuffers);
        }

        _freeCount = depth;
    }

    /// <inheritdoc/>
    public int Depth => _free.Length;

    /// <inheritdoc/>
    public int InFlightCount => Volatile.Read(ref _inFlightCount);

    /// <inheritdoc/>
    public int BufferLimit => MaxBuffers;

    /// <inheritdoc/>
    public bool TryWrite(IoBufferSlice data, long offsetBytes, ulong tag) =>
        TryWrite(new ReadOnlySpan<IoBufferSlice>(in data), offsetBytes, tag);

    /// <inheritdoc/>
    public bool TryWrite(ReadOnlyMemory<IoBufferSlice> data, long offsetBytes, ulong tag) => TryWrite(data.Span, offsetBytes, tag);

    /// <inheritdoc/>
    public int Reap(Span<IoCompletion> completions, int minimum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimum, completions.Length);
        EnterReap();
        try
        {
            int wanted = _order is null ? completions.Length : _order.Next(Math.Min(Math.Max(1, minimum), completions.Length), completions.Length + 1);
            int count = 0;
            while (count < wanted && TryTake(mustWait: count < minimum, out DeferredWrite write))
            {
                completions[count++] = Complete(write);
            }

            return count;
        }
        finally
        {
            LeaveReap();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            Monitor.PulseAll(_gate);
            while (_isReaping)
            {
                Monitor.Wait(_gate);
            }
        }

        while (TryTake(mustWait: false, out DeferredWrite write))
        {
            Complete(write);
        }
    }

    private bool TryWrite(ReadOnlySpan<IoBufferSlice> pieces, long offsetBytes, ulong tag)
    {
        if (pieces.Length is 0 or > MaxBuffers)
        {
            throw new ArgumentException($"a write has 1 to {MaxBuffers} pieces of memory, not {pieces.Length}");
        }

        DeviceRules.DemandWrite(_device, pieces, offsetBytes);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_freeCount == 0)
            {
                return false;
            }

            DeferredWrite write = _free[_freeCount - 1];
            write.Fill(pieces, offsetBytes, tag);
            Announce(write);
            _freeCount--;
            _waiting[_waitingCount++] = write;
            _inFlightCount++;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    private void Announce(DeferredWrite write)
    {
        try
        {
            _onSubmit?.Invoke(write);
        }
        catch
        {
            write.Release();
            throw;
        }
    }

    private bool TryTake(bool mustWait, out DeferredWrite write)
    {
        lock (_gate)
        {
            while (mustWait && _waitingCount == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            if (_waitingCount == 0)
            {
                write = null!;
                return false;
            }

            int index = _order?.Next(_waitingCount) ?? 0;
            write = _waiting[index];
            _waitingCount--;
            Array.Copy(_waiting, index + 1, _waiting, index, _waitingCount - index);
            return true;
        }
    }

    private IoCompletion Complete(DeferredWrite write)
    {
        IoResult result = _write(write);
        var completion = new IoCompletion(write.Tag, result);
        write.Release();
        lock (_gate)
        {
            _free[_freeCount++] = write;
            _inFlightCount--;
        }

        return completion;
    }

    private void EnterReap()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_isReaping)
            {
                throw new InvalidOperationException("another thread is reaping this queue; one at a time may");
            }

            _isReaping = true;
        }
    }

    private void LeaveReap()
    {
        lock (_gate)
        {
            _isReaping = false;
            Monitor.PulseAll(_gate);
        }
    }
}
