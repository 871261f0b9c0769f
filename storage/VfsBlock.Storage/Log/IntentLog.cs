using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The ring of batches on the device (FORMAT.md section 3): writes the next one, knows what was flushed, and how much room is left until a
/// checkpoint has to trim it.
/// </summary>
/// <remarks>
/// Owns the positions, not the device. <see cref="Write"/>, <see cref="Skip"/> and <see cref="Flush"/> come from one thread at a time (the leader of
/// a commit; anything else throws); everything else from any thread. One lock over the positions, never held over I/O. Allocates nothing after it was made.
/// The first failed flush ends it: EIO from then on, since nothing written after it could be relied on. A batch that could not be written leaves the positions as they were:
/// <see cref="Skip"/> it and make a checkpoint, which needs no log.
/// </remarks>
public sealed class IntentLog
{
    private const int EraseChunkBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly IBlockDevice _device;
    private readonly LogRing _ring;
    private readonly ulong _imageId;
    private LogPosition _head;
    private LogPosition _tail;
    private int _usedPages;
    private ulong _flushedThrough;
    private ulong _announcedThrough;
    private ulong _skippedThrough;
    private ulong _generation;
    private int _isBusy;
    private volatile bool _hasFailed;

    /// <summary>Continues a log that has nothing left to replay: a new one, or one that recovery and a checkpoint are done with.</summary>
    /// <param name="device">The device; outlives the log.</param>
    /// <param name="ring">Where the log lies.</param>
    /// <param name="imageId">The first 8 bytes of the image's uuid.</param>
    /// <param name="position">Where the next batch goes, as the durable root says.</param>
    /// <exception cref="ArgumentException">The ring or the position is not one.</exception>
    public IntentLog(IBlockDevice device, LogRing ring, ulong imageId, LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(device);
        ring.Demand(device);
        if (!position.FitsIn(ring))
        {
            throw new ArgumentException($"{position} does not lie in a log of {ring.PageCount} pages");
        }

        _device = device;
        _ring = ring;
        _imageId = imageId;
        _head = _tail = position;
        _flushedThrough = _announcedThrough = position.Sequence - 1;
    }

    /// <summary>Where the next batch goes. What a root has to say once it contains every batch written so far.</summary>
    public LogPosition Head
    {
        get
        {
            lock (_gate)
            {
                return _head;
            }
        }
    }

    /// <summary>The sequence through which everything is durable, data included.</summary>
    public ulong FlushedThrough => Volatile.Read(ref _flushedThrough);

    /// <summary>The generation of the root in force: batches carry it. The checkpoint sets it.</summary>
    public ulong Generation
    {
        get => Volatile.Read(ref _generation);
        set => Volatile.Write(ref _generation, value);
    }

    /// <summary>Pages that batches still needed lie in.</summary>
    public int UsedPages => Volatile.Read(ref _usedPages);

    /// <summary>True once half of the ring is used: begin a checkpoint soon, so that nobody has to wait for it.</summary>
    public bool WantsCheckpoint => UsedPages >= _ring.PageCount / 2;

    /// <summary>True if the last flush is not in the log yet. After some idle time, cut a batch and write it, without a flush.</summary>
    public bool WantsFlushedMarker => !_hasFailed && FlushedThrough > Volatile.Read(ref _announcedThrough);

    /// <summary>True after a flush failed: the volume can only be read from now on.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>Fills a ring with zeros, when an image is made: writing into space that was only allocated makes every flush three times as slow.</summary>
    /// <returns>What the device said. Durable after its next flush.</returns>
    public static Errno Erase(IBlockDevice device, LogRing ring)
    {
        ArgumentNullException.ThrowIfNull(device);
        ring.Demand(device);
        using var zeros = new NativeBuffer(EraseChunkBytes);
        long restBytes = (long)ring.PageCount * LogFormat.PageBytes;
        long offsetBytes = ring.OffsetBytes;
        while (restBytes > 0)
        {
            int lengthBytes = (int)Math.Min(restBytes, EraseChunkBytes);
            IoResult result = device.Write(zeros.Span[..lengthBytes], offsetBytes);
            if (!result.Succeeded)
            {
                return result.Error;
            }

            offsetBytes += lengthBytes;
            restBytes -= lengthBytes;
        }

        return Errno.None;
    }

    /// <summary>Writes the next batch. It is durable after the next <see cref="Flush"/>.</summary>
    /// <returns>
    /// ENOSPC if the ring is full: nothing was written; make a checkpoint (<see cref="Skip"/> the batch if its transactions are in it), trim, and try again.
    /// EIO if the device refused it, or after a failed flush.
    /// </returns>
    /// <exception cref="InvalidOperationException">It is not the next batch, or another thread is writing or flushing.</exception>
    public Errno Write(LogBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Enter();
        try
        {
            DemandNext(batch);
            if (_hasFailed)
            {
                return Errno.EIO;
            }

            LogPosition head;
            lock (_gate)
            {
                head = _head;
                if (_skippedThrough >= _tail.Sequence || _usedPages + batch.PageCount > _ring.PageCount)
                {
                    return Errno.ENOSPC;
                }
            }

            return WriteAt(batch, head);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>
    /// Passes over a batch that will be part of the root of the checkpoint in progress, so that it need not be written; <see cref="Head"/> is behind it then. Until that
    /// root is durable and <see cref="Trim"/> was called, <see cref="Write"/> answers ENOSPC: a batch behind a gap would not be found again.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not the next batch, or another thread is writing or flushing.</exception>
    public void Skip(LogBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Enter();
        try
        {
            DemandNext(batch);
            lock (_gate)
            {
                _skippedThrough = batch.Sequence;
                _head = _head with { Sequence = batch.Sequence + 1 };
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Makes every batch written so far durable, and the data that was written before. One flush of the device.</summary>
    /// <returns>EIO, and from then on always.</returns>
    public Errno Flush()
    {
        Enter();
        try
        {
            if (_hasFailed)
            {
                return Errno.EIO;
            }

            ulong writtenThrough = Head.Sequence - 1;
            if (_device.Flush() != Errno.None)
            {
                return Fail();
            }

            // What was passed over is durable only with its root.
            if (writtenThrough > _skippedThrough)
            {
                Volatile.Write(ref _flushedThrough, writtenThrough);
            }

            return Errno.None;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Gives up what lies before a position, after a root that says so is durable.</summary>
    /// <param name="position">A <see cref="Head"/> of earlier.</param>
    /// <exception cref="ArgumentException">It lies before the last one, or was never reached.</exception>
    public void Trim(LogPosition position)
    {
        lock (_gate)
        {
            if (position.Sequence < _tail.Sequence || position.Sequence > _head.Sequence || !position.FitsIn(_ring))
            {
                throw new ArgumentException($"{position} does not lie between {_tail} and {_head}");
            }

            // From the head backwards: a full lap and none look alike by their pages.
            int keptPages = position.Page == _head.Page
                ? position.PreviousChecksum == _head.PreviousChecksum ? 0 : _ring.PageCount
                : (int)(((long)_head.Page - position.Page + _ring.PageCount) % _ring.PageCount);
            if (keptPages > _usedPages)
            {
                throw new ArgumentException($"{position} was never a head of this log");
            }

            _usedPages = keptPages;
            _tail = position;
            if (position.Sequence - 1 > _flushedThrough)
            {
                Volatile.Write(ref _flushedThrough, position.Sequence - 1);
            }

            if (position.Sequence - 1 > _announcedThrough)
            {
                Volatile.Write(ref _announcedThrough, position.Sequence - 1);
            }
        }
    }

    private Errno WriteAt(LogBatch batch, LogPosition head)
    {
        ulong flushedThrough = _flushedThrough;
        ReadOnlySpan<byte> pages = batch.Seal(head, _imageId, Generation, flushedThrough, out uint checksum);
        int firstBytes = (int)Math.Min(pages.Length, (_ring.PageCount - (long)head.Page) * LogFormat.PageBytes);
        bool isWritten = WriteAll(pages[..firstBytes], _ring.PageOffsetBytes(head.Page))
            && (firstBytes == pages.Length || WriteAll(pages[firstBytes..], _ring.OffsetBytes));
        if (!isWritten)
        {
            return Errno.EIO;
        }

        lock (_gate)
        {
            _usedPages += batch.PageCount;
            _head = new LogPosition(_ring.Advance(head.Page, batch.PageCount), batch.Sequence + 1, checksum);
            Volatile.Write(ref _announcedThrough, Math.Max(_announcedThrough, flushedThrough));
        }

        return Errno.None;
    }

    private bool WriteAll(ReadOnlySpan<byte> data, long offsetBytes)
    {
        IoResult result = _device.Write(data, offsetBytes);
        return result.Succeeded && result.Bytes == data.Length;
    }

    private Errno Fail()
    {
        _hasFailed = true;
        return Errno.EIO;
    }

    private void DemandNext(LogBatch batch)
    {
        if (batch.Sequence != _head.Sequence)
        {
            throw new InvalidOperationException($"batch {batch.Sequence} was given to a log that expects {_head.Sequence}");
        }
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            throw new InvalidOperationException("another thread is writing to the log or flushing it; one at a time may");
        }
    }

    private void Leave() => Volatile.Write(ref _isBusy, 0);
}
