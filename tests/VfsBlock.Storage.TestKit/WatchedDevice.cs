using VfsBlock.Interop;

namespace VfsBlock.Storage.TestKit;

/// <summary>
/// Any device, with a count of everything that is asked of it, whichever way: reads, reads without waiting, writes, those of queues too, flushes, discards, resizes and maps. What
/// lies outside of the device is noted. More calls than are allowed end in an exception: who asks so often would ask for ever.
/// </summary>
/// <remarks>Owns the device under it. Any thread. Reads through a map are not seen; the first touch of each page is the kernel's.</remarks>
public sealed class WatchedDevice(IBlockDevice inner, long maxCallCount, bool canMap) : IBlockDevice
{
    private long _callCount;
    private volatile string? _outside;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public int AlignmentBytes => inner.AlignmentBytes;

    /// <inheritdoc/>
    public bool IsReadOnly => inner.IsReadOnly;

    /// <inheritdoc/>
    public long SizeBytes => inner.SizeBytes;

    /// <inheritdoc/>
    public bool CanResize => inner.CanResize;

    /// <summary>How often it was asked for something.</summary>
    public long CallCount => Interlocked.Read(ref _callCount);

    /// <summary>What was asked for outside of the device first, or null.</summary>
    public string? Outside => _outside;

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes)
    {
        Count("read", offsetBytes, buffer.Length);
        return inner.Read(buffer, offsetBytes);
    }

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes)
    {
        Count("read without waiting", offsetBytes, buffer.Length);
        return inner.ReadNow(buffer, offsetBytes);
    }

    /// <inheritdoc/>
    public void ReadAhead(long offsetBytes, long lengthBytes)
    {
        Count("read ahead", offsetBytes, lengthBytes);
        inner.ReadAhead(offsetBytes, lengthBytes);
    }

    /// <inheritdoc/>
    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes)
    {
        Count("write", offsetBytes, data.Length);
        return inner.Write(data, offsetBytes);
    }

    /// <inheritdoc/>
    public Errno Flush()
    {
        Count("flush", 0, 0);
        return inner.Flush();
    }

    /// <inheritdoc/>
    public Errno Discard(long offsetBytes, long lengthBytes)
    {
        Count("discard", offsetBytes, lengthBytes);
        return inner.Discard(offsetBytes, lengthBytes);
    }

    /// <inheritdoc/>
    public Errno Resize(long sizeBytes)
    {
        Count("resize", 0, 0);
        return inner.Resize(sizeBytes);
    }

    /// <inheritdoc/>
    public IDeviceQueue CreateQueue(int depth) => new DeferredQueue(this, WritePieces, depth);

    /// <inheritdoc/>
    public ReservedRegion? TryMap(long capacityBytes)
    {
        Count("map", 0, 0);
        return canMap ? inner.TryMap(capacityBytes) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private void Count(string what, long offsetBytes, long lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes > SizeBytes - offsetBytes)
        {
            _outside ??= $"a {what} of {lengthBytes} bytes at {offsetBytes}, of {SizeBytes}";
        }

        if (Interlocked.Increment(ref _callCount) > maxCallCount)
        {
            throw new InvalidOperationException($"the device was asked more than {maxCallCount} times, now for a {what} of {lengthBytes} bytes at {offsetBytes}");
        }
    }

    private unsafe IoResult WritePieces(DeferredWrite write)
    {
        long doneBytes = 0;
        foreach (IoVec piece in write.Pieces)
        {
            IoResult result = Write(new ReadOnlySpan<byte>((void*)piece.Address, (int)piece.LengthBytes), write.OffsetBytes + doneBytes);
            doneBytes += result.Bytes;
            if (!result.Succeeded)
            {
                return new IoResult(doneBytes, result.Error);
            }
        }

        return IoResult.Ok(doneBytes);
    }
}
