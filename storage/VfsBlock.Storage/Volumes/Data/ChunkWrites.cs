using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Writes placed chunks in the background. What lies next to each other on the device is one write, whichever chunks it comes from: small writes that are synced together cost one I/O,
/// and large files go out in large pieces.
/// </summary>
/// <remarks>
/// Owns the queue, and the list of which chunks each write in flight is of. One thread at a time calls it, without the volume's lock: it touches nothing of the chunks but
/// <see cref="WriteChunk.PendingCount"/>, <see cref="WriteChunk.IsSubmitted"/> and <see cref="WriteChunk.Error"/> of placed ones. Nothing allocates after the constructor.
/// </remarks>
internal sealed class ChunkWrites : IDisposable
{
    private const int QueueDepth = 64;
    private const int MaxWriteBlocks = (1 << 20) / WriteChunk.BlockSizeBytes;
    private const int GatheredRuns = 512;

    private readonly WriteChunk[] _chunks;
    private readonly IDeviceQueue _queue;
    private readonly ChunkRun[] _runs = new ChunkRun[GatheredRuns];
    private readonly IoBufferSlice[] _pieces;

    // Of each write in flight, which the queue knows by its index: the slots of its pieces.
    private readonly int[] _slots;
    private readonly int[] _pieceCounts = new int[QueueDepth];
    private readonly int[] _freeWrites = new int[QueueDepth];
    private readonly int _maxPieces;
    private int _freeWriteCount = QueueDepth;
    private int _runCount;

    /// <summary>A queue of the device's for chunks.</summary>
    public ChunkWrites(IBlockDevice device, WriteChunk[] chunks)
    {
        _chunks = chunks;
        _queue = device.CreateQueue(QueueDepth);
        _maxPieces = Math.Min(_queue.BufferLimit, MaxWriteBlocks);
        _pieces = new IoBufferSlice[_maxPieces];
        _slots = new int[QueueDepth * _maxPieces];
        for (int write = 0; write < QueueDepth; write++)
        {
            _freeWrites[write] = write;
        }
    }

    /// <summary>Writes submitted and not reaped.</summary>
    public int InFlightCount => _queue.InFlightCount;

    /// <summary>Submits every chunk that is placed and not submitted. Waits while the queue is full.</summary>
    public void SubmitPlaced()
    {
        for (int slot = 0; slot < _chunks.Length; slot++)
        {
            ref WriteChunk chunk = ref _chunks[slot];
            if (chunk.State != ChunkState.Placed || chunk.IsSubmitted)
            {
                continue;
            }

            if (_runCount > GatheredRuns - WriteChunk.BlockCount)
            {
                WriteGathered();
            }

            Gather(slot);
            Volatile.Write(ref chunk.IsSubmitted, true);
        }

        WriteGathered();
    }

    /// <summary>Takes note of writes that ended; waits for at least <paramref name="minimum"/>, or for all if there are fewer.</summary>
    public void Reap(int minimum)
    {
        Span<IoCompletion> completions = stackalloc IoCompletion[QueueDepth];
        int count = _queue.Reap(completions, Math.Min(minimum, _queue.InFlightCount));
        foreach (IoCompletion completion in completions[..count])
        {
            int write = (int)completion.Tag;
            foreach (int slot in _slots.AsSpan(write * _maxPieces, _pieceCounts[write]))
            {
                ref WriteChunk chunk = ref _chunks[slot];
                if (!completion.Result.Succeeded)
                {
                    chunk.Error = completion.Result.Error;
                }

                Volatile.Write(ref chunk.PendingCount, chunk.PendingCount - 1);
            }

            _freeWrites[_freeWriteCount++] = write;
        }
    }

    /// <summary>Waits for every write that was submitted.</summary>
    public void ReapAll()
    {
        while (InFlightCount > 0)
        {
            Reap(1);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    // Counted as pending before it is submitted, so that nobody takes the chunk for written.
    private void Gather(int slot)
    {
        ref WriteChunk chunk = ref _chunks[slot];
        for (int first = 0; first < WriteChunk.BlockCount;)
        {
            int count = WriteBuffer.RunLength(chunk.WriteMask, in chunk.Blocks, first);
            if (count > 0)
            {
                _runs[_runCount++] = new ChunkRun(chunk.Blocks[first], slot, first, count);
                chunk.PendingCount++;
            }

            first += Math.Max(count, 1);
        }
    }

    private void WriteGathered()
    {
        Span<ChunkRun> runs = _runs.AsSpan(0, _runCount);
        runs.Sort(static (left, right) => left.Place.CompareTo(right.Place));
        while (!runs.IsEmpty)
        {
            int count = 1;
            int blockCount = runs[0].BlockCount;
            while (count < Math.Min(runs.Length, _maxPieces) && runs[count].Place == runs[count - 1].End && blockCount + runs[count].BlockCount <= MaxWriteBlocks)
            {
                blockCount += runs[count++].BlockCount;
            }

            Write(runs[..count]);
            runs = runs[count..];
        }

        _runCount = 0;
    }

    private void Write(ReadOnlySpan<ChunkRun> runs)
    {
        while (_freeWriteCount == 0)
        {
            Reap(1);
        }

        int write = _freeWrites[--_freeWriteCount];
        _pieceCounts[write] = runs.Length;
        for (int piece = 0; piece < runs.Length; piece++)
        {
            ref readonly ChunkRun run = ref runs[piece];
            _pieces[piece] = _chunks[run.Slot].Lease.Slice(run.First * WriteChunk.BlockSizeBytes, run.BlockCount * WriteChunk.BlockSizeBytes);
            _slots[(write * _maxPieces) + piece] = run.Slot;
        }

        if (!_queue.TryWrite(_pieces.AsMemory(0, runs.Length), (long)runs[0].Place * WriteChunk.BlockSizeBytes, (ulong)write))
        {
            throw new InvalidOperationException("the queue has no room for a write, though it holds as many as there are numbers for them");
        }

        _pieces.AsSpan(0, runs.Length).Clear();
    }
}
