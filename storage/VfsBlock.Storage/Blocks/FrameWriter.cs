using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Writes pieces of frames by the device's queue: sorted, neighbours in one large write, a failed one at once again.</summary>
/// <remarks>Owns its tables. One thread at a time: the one that commits. Frames that are given to it stay as they are until it returns.</remarks>
internal sealed class FrameWriter
{
    private const int MaxPieces = 64;
    private const int MaxWriteBytes = 1 << 20;

    private readonly IBlockDevice _device;
    private readonly IDeviceQueue _queue;
    private readonly ImageLayout _layout;
    private readonly FrameCache _frames;
    private readonly IoBufferSlice[] _slices;
    private readonly IoCompletion[] _completions;
    private List<FramePiece> _pieces = [];

    public FrameWriter(IBlockDevice device, IDeviceQueue queue, ImageLayout layout, FrameCache frames)
    {
        _device = device;
        _queue = queue;
        _layout = layout;
        _frames = frames;
        _slices = new IoBufferSlice[Math.Min(MaxPieces, queue.BufferLimit)];
        _completions = new IoCompletion[queue.Depth];
    }

    /// <summary>The runs that could not be written, also not at the second try.</summary>
    public List<BlockRun> FailedRuns { get; } = [];

    /// <summary>Writes all of it.</summary>
    /// <param name="pieces">What; it is sorted here. No two overlap.</param>
    /// <returns>The first error that a second try did not mend.</returns>
    public Errno Write(List<FramePiece> pieces)
    {
        FailedRuns.Clear();
        _pieces = pieces;
        pieces.Sort(static (left, right) => left.Target.CompareTo(right.Target));
        Errno error = Errno.None;
        for (int start = 0; start < pieces.Count;)
        {
            int count = CountNeighbours(start);
            while (!TrySubmit(start, count))
            {
                error = Reap(1, error);
            }

            start += count;
        }

        while (_queue.InFlightCount > 0)
        {
            error = Reap(1, error);
        }

        return error;
    }

    /// <summary>How many pieces from one on go into one write.</summary>
    private int CountNeighbours(int start)
    {
        FramePiece last = _pieces[start];
        long lengthBytes = _layout.BytesOf((ulong)last.BlockCount);
        int count = 1;
        while (start + count < _pieces.Count && count < _slices.Length)
        {
            FramePiece next = _pieces[start + count];
            lengthBytes += _layout.BytesOf((ulong)next.BlockCount);
            if (next.Target != last.Target + (ulong)last.BlockCount || lengthBytes > MaxWriteBytes)
            {
                break;
            }

            last = next;
            count++;
        }

        return count;
    }

    private bool TrySubmit(int start, int count)
    {
        for (int index = 0; index < count; index++)
        {
            FramePiece piece = _pieces[start + index];
            _slices[index] = _frames[piece.Frame].Memory.Slice(
                (int)_layout.BytesOf((ulong)piece.OffsetBlocks), (int)_layout.BytesOf((ulong)piece.BlockCount));
        }

        return _queue.TryWrite(_slices.AsMemory(0, count), _layout.BytesOf(_pieces[start].Target), Tag(start, count));
    }

    private Errno Reap(int minimum, Errno error)
    {
        int count = _queue.Reap(_completions, minimum);
        foreach (IoCompletion completion in _completions.AsSpan(0, count))
        {
            if (!completion.Result.Succeeded)
            {
                Errno again = WriteAgain(Start(completion.Tag), Count(completion.Tag));
                error = error == Errno.None ? again : error;
            }
        }

        return error;
    }

    private Errno WriteAgain(int start, int count)
    {
        Errno first = Errno.None;
        for (int index = start; index < start + count; index++)
        {
            FramePiece piece = _pieces[index];
            Span<byte> bytes = _frames.BytesOf(piece.Frame).Slice(
                (int)_layout.BytesOf((ulong)piece.OffsetBlocks), (int)_layout.BytesOf((ulong)piece.BlockCount));
            IoResult result = _device.Write(bytes, _layout.BytesOf(piece.Target));
            if (!result.Succeeded)
            {
                FailedRuns.Add(new BlockRun(new BlockNumber(piece.Target), piece.BlockCount));
                first = first == Errno.None ? result.Error : first;
            }
        }

        return first;
    }

    private static ulong Tag(int start, int count) => ((ulong)(uint)start << 32) | (uint)count;

    private static int Start(ulong tag) => (int)(tag >> 32);

    private static int Count(ulong tag) => (int)(uint)tag;
}
