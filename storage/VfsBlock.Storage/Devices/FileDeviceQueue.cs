using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>The queue of a <see cref="FileDevice"/>: the kernel's own where writes go past the page cache, threads elsewhere.</summary>
/// <remarks>Owns the queue of the host under it; threads and the end are as there.</remarks>
internal sealed class FileDeviceQueue : IDeviceQueue
{
    private readonly FileDevice _device;
    private readonly HostFile _file;
    private readonly RwFlags _flags;
    private readonly bool _mustStartWriteBack;
    private readonly IoQueue _queue;

    /// <summary>Makes a queue.</summary>
    /// <param name="device">What ranges are checked against.</param>
    /// <param name="file">What writes go to.</param>
    /// <param name="flags">What each write asks for.</param>
    /// <param name="mustStartWriteBack">Whether pages stay dirty unless somebody sends them on.</param>
    /// <param name="depth">How many writes it holds.</param>
    public FileDeviceQueue(FileDevice device, HostFile file, RwFlags flags, bool mustStartWriteBack, int depth)
    {
        _device = device;
        _file = file;
        _flags = flags;
        _mustStartWriteBack = mustStartWriteBack;
        _queue = IoQueue.Create(device.IsDirect ? OpenFlags.Direct : OpenFlags.ReadWrite, depth);
    }

    /// <inheritdoc/>
    public int Depth => _queue.Depth;

    /// <inheritdoc/>
    public int InFlightCount => _queue.InFlightCount;

    /// <inheritdoc/>
    public int BufferLimit => _queue.BufferLimit;

    /// <inheritdoc/>
    public bool TryWrite(IoBufferSlice data, long offsetBytes, ulong tag)
    {
        DeviceRules.DemandWrite(_device, new ReadOnlySpan<IoBufferSlice>(in data), offsetBytes);
        return _queue.Submit(IoRequest.Write(_file.Handle, data, offsetBytes, tag, _flags));
    }

    /// <inheritdoc/>
    public bool TryWrite(ReadOnlyMemory<IoBufferSlice> data, long offsetBytes, ulong tag)
    {
        DeviceRules.DemandWrite(_device, data.Span, offsetBytes);
        return _queue.Submit(IoRequest.WriteVectored(_file.Handle, data, offsetBytes, tag, _flags));
    }

    /// <inheritdoc/>
    public int Reap(Span<IoCompletion> completions, int minimum)
    {
        int count = _queue.Reap(completions, minimum, Timeout.InfiniteTimeSpan).Count;
        if (_mustStartWriteBack && count > 0)
        {
            _file.StartWriteBack(0, 0);
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();
}
