using VfsBlock.Interop;

namespace VfsBlock.Storage.Tests;

/// <summary>A device that outlives the files that are opened on it, counts what happens to it, and fails on demand.</summary>
internal sealed class KeptDevice(IBlockDevice inner) : IBlockDevice
{
    private int _flushCount;

    public string Name => inner.Name;

    public int AlignmentBytes => inner.AlignmentBytes;

    public bool IsReadOnly { get; set; }

    public long SizeBytes => inner.SizeBytes;

    public bool CanResize => inner.CanResize;

    /// <summary>Answer of the flushes to come.</summary>
    public Errno FlushError { get; set; }

    /// <summary>Answer of the writes to come that are not made by a queue.</summary>
    public Errno WriteError { get; set; }

    /// <summary>Answer of the changes of size to come.</summary>
    public Errno ResizeError { get; set; }

    public int FlushCount => _flushCount;

    public long DiscardedBytes { get; private set; }

    public IoResult Read(Span<byte> buffer, long offsetBytes) => inner.Read(buffer, offsetBytes);

    public IoResult ReadNow(Span<byte> buffer, long offsetBytes) => inner.ReadNow(buffer, offsetBytes);

    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes) =>
        WriteError == Errno.None ? inner.Write(data, offsetBytes) : IoResult.Fail(WriteError);

    public Errno Flush()
    {
        Interlocked.Increment(ref _flushCount);
        return FlushError == Errno.None ? inner.Flush() : FlushError;
    }

    public Errno Discard(long offsetBytes, long lengthBytes)
    {
        DiscardedBytes += lengthBytes;
        return inner.Discard(offsetBytes, lengthBytes);
    }

    public Errno Resize(long sizeBytes) => ResizeError == Errno.None ? inner.Resize(sizeBytes) : ResizeError;

    public IDeviceQueue CreateQueue(int depth) => inner.CreateQueue(depth);

    public ReservedRegion? TryMap(long capacityBytes) => inner.TryMap(capacityBytes);

    public void Dispose()
    {
    }
}
