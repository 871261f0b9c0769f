using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>
/// A disk in memory that records everything done to it, so that <see cref="CrashImages"/> can tell what a power cut may leave. It is as
/// unkind as a disk may be: a write through a queue is not there before it was reaped, and nothing is durable without a flush.
/// </summary>
/// <remarks>
/// Any thread may call; one lock over everything, and so the record is one order of events. Two writes in flight over the same bytes are
/// a bug of the caller, and throw.
/// </remarks>
public sealed class SimDisk : IBlockDevice
{
    private readonly Lock _gate = new();
    private readonly SimDiskOptions _options;
    private readonly List<SimEvent> _events = [];
    private readonly List<SimEvent> _inFlight = [];
    private PageStore _initial;
    private PageStore _current;
    private bool _isDisposed;

    /// <summary>A disk full of zeros.</summary>
    public SimDisk(long sizeBytes, SimDiskOptions? options = null)
        : this(new PageStore(sizeBytes), options ?? new SimDiskOptions())
    {
    }

    internal SimDisk(PageStore initial, SimDiskOptions options)
    {
        _initial = initial;
        _current = new PageStore(initial);
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public int AlignmentBytes => _options.AlignmentBytes;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public long SizeBytes
    {
        get
        {
            lock (_gate)
            {
                return _current.SizeBytes;
            }
        }
    }

    /// <inheritdoc/>
    public bool CanResize => _options.CanResize;

    /// <summary>
    /// How many events are on record. Note it when something is acknowledged: an image whose <see cref="CrashImage.Position"/> is at least
    /// this must show it.
    /// </summary>
    public int Position
    {
        get
        {
            lock (_gate)
            {
                return _events.Count;
            }
        }
    }

    /// <summary>The record so far.</summary>
    public IReadOnlyList<SimEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    internal PageStore Initial => _initial;

    internal SimDiskOptions Options => _options;

    /// <summary>Forgets the record: what the disk holds now is durable, and positions start at 0 again.</summary>
    /// <exception cref="InvalidOperationException">A write is in flight.</exception>
    public void Settle()
    {
        lock (_gate)
        {
            if (_inFlight.Count > 0)
            {
                throw new InvalidOperationException("a disk with writes in flight cannot settle; reap them first");
            }

            _events.Clear();
            _initial = _current;
            _current = new PageStore(_initial);
        }
    }

    /// <summary>
    /// A disk that begins with what this one held when it was last settled, all of it durable. It costs nothing to make; several may be in use at the same
    /// time, on several threads. Settle this one again and it is worthless.
    /// </summary>
    public SimDisk Fork() => new(_initial, _options);

    /// <summary>A disk that holds a copy of what this one holds now, all of it durable, and depends on nothing.</summary>
    public SimDisk Copy()
    {
        lock (_gate)
        {
            return new SimDisk(_current.Flatten(), _options);
        }
    }

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!DeviceRules.TryClip(ref buffer, offsetBytes, _current.SizeBytes))
            {
                return IoResult.Fail(Errno.EINVAL);
            }

            _current.Read(buffer, offsetBytes);
            return IoResult.Ok(buffer.Length);
        }
    }

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes) => Read(buffer, offsetBytes);

    /// <inheritdoc/>
    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Errno error = DeviceRules.CheckWrite(this, data, offsetBytes);
            if (error != Errno.None || data.IsEmpty)
            {
                return IoResult.Fail(error);
            }

            Complete(Issue(data.ToArray(), offsetBytes));
            return IoResult.Ok(data.Length);
        }
    }

    /// <inheritdoc/>
    public Errno Flush()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Record(SimEventKind.Flush, 0, 0, []);
            return Errno.None;
        }
    }

    /// <inheritdoc/>
    public Errno Discard(long offsetBytes, long lengthBytes)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Errno error = DeviceRules.CheckRange(this, offsetBytes, lengthBytes);
            if (error == Errno.None && lengthBytes > 0)
            {
                DemandNoneInFlight(offsetBytes, lengthBytes);
                Record(SimEventKind.Discard, offsetBytes, lengthBytes, []);
                _current.Zero(offsetBytes, lengthBytes);
            }

            return error;
        }
    }

    /// <inheritdoc/>
    public Errno Resize(long sizeBytes)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Errno error = DeviceRules.CheckResize(this, sizeBytes);
            error = error == Errno.None && sizeBytes > _options.SizeLimitBytes ? Errno.ENOSPC : error;
            if (error == Errno.None)
            {
                DemandNoneInFlight(sizeBytes, long.MaxValue - sizeBytes);
                Record(SimEventKind.Resize, sizeBytes, 0, []);
                _current.Resize(sizeBytes);
            }

            return error;
        }
    }

    /// <inheritdoc/>
    public IDeviceQueue CreateQueue(int depth)
    {
        var issued = new Dictionary<DeferredWrite, SimEvent>();
        return new DeferredQueue(
            this,
            write => CompleteQueued(issued, write),
            depth,
            write => IssueQueued(issued, write),
            _options.CompletionSeed is { } seed ? new Random(seed) : null);
    }

    /// <summary>Null: this disk has no file to map.</summary>
    public ReservedRegion? TryMap(long capacityBytes) => null;

    /// <summary>Ends its use; the record can still be read.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }
    }

    private void IssueQueued(Dictionary<DeferredWrite, SimEvent> issued, DeferredWrite write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            issued[write] = Issue(Gather(write.Pieces), write.OffsetBytes);
        }
    }

    private IoResult CompleteQueued(Dictionary<DeferredWrite, SimEvent> issued, DeferredWrite write)
    {
        lock (_gate)
        {
            issued.Remove(write, out SimEvent? issue);
            if (!issue!.Data.SequenceEqual(Gather(write.Pieces)))
            {
                throw new InvalidOperationException($"{Name}: the memory of a write at {write.OffsetBytes} changed while it was in flight");
            }

            Complete(issue);
            return IoResult.Ok(issue.LengthBytes);
        }
    }

    private static unsafe byte[] Gather(ReadOnlySpan<IoVec> pieces)
    {
        var bytes = new List<byte>();
        foreach (IoVec piece in pieces)
        {
            bytes.AddRange(new ReadOnlySpan<byte>((void*)piece.Address, (int)piece.LengthBytes));
        }

        return bytes.ToArray();
    }

    private SimEvent Issue(byte[] data, long offsetBytes)
    {
        DemandNoneInFlight(offsetBytes, data.Length);
        SimEvent write = Record(SimEventKind.Write, offsetBytes, data.Length, data);
        _inFlight.Add(write);
        return write;
    }

    private void Complete(SimEvent write)
    {
        _inFlight.Remove(write);
        write.CompletedAt = Record(SimEventKind.Completion, write.Position, 0, []).Position;
        _current.Write(write.Data, write.OffsetBytes);
    }

    private SimEvent Record(SimEventKind kind, long offsetBytes, long lengthBytes, byte[] data)
    {
        var entry = new SimEvent(kind, _events.Count, offsetBytes, lengthBytes, data);
        _events.Add(entry);
        return entry;
    }

    private void DemandNoneInFlight(long offsetBytes, long lengthBytes)
    {
        foreach (SimEvent write in _inFlight)
        {
            if (write.OffsetBytes - offsetBytes < lengthBytes && offsetBytes - write.OffsetBytes < write.LengthBytes)
            {
                throw new InvalidOperationException($"{Name}: bytes {offsetBytes} to {offsetBytes + lengthBytes} change while {write} is in flight");
            }
        }
    }
}
