using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What a device would hold if something was written: writes stay in memory, the device below is only read.</summary>
/// <remarks>Owns the pages written, not the device. Threads: see <see cref="IBlockDevice"/>; a lock keeps them apart.</remarks>
internal sealed unsafe class OverlayDevice(IBlockDevice device) : IBlockDevice
{
    private const int PageBytes = DeviceRules.CommonAlignmentBytes;

    private readonly IBlockDevice _device = device;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, byte[]> _pages = [];
    private long _sizeBytes = device.SizeBytes;

    /// <inheritdoc/>
    public string Name => _device.Name;

    /// <inheritdoc/>
    public int AlignmentBytes => PageBytes;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    /// <summary>True: the memory grows, not the device.</summary>
    public bool CanResize => true;

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes)
    {
        if (!DeviceRules.TryClip(ref buffer, offsetBytes, SizeBytes))
        {
            return IoResult.Fail(Errno.EINVAL);
        }

        long below = Math.Clamp(_device.SizeBytes - offsetBytes, 0, buffer.Length);
        IoResult result = below == 0 ? IoResult.Ok(0) : _device.Read(buffer[..(int)below], offsetBytes);
        if (!result.Succeeded)
        {
            return result;
        }

        buffer[(int)result.Bytes..].Clear();
        lock (_gate)
        {
            CopyPages(buffer, offsetBytes);
        }

        return IoResult.Ok(buffer.Length);
    }

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes) => Read(buffer, offsetBytes);

    /// <inheritdoc/>
    public void ReadAhead(long offsetBytes, long lengthBytes) => _device.ReadAhead(offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes)
    {
        Errno error = DeviceRules.CheckRange(this, offsetBytes, data.Length);
        if (error != Errno.None)
        {
            return IoResult.Fail(error);
        }

        lock (_gate)
        {
            for (int done = 0; done < data.Length; done += PageBytes)
            {
                _pages[(offsetBytes + done) / PageBytes] = data.Slice(done, PageBytes).ToArray();
            }
        }

        return IoResult.Ok(data.Length);
    }

    /// <summary>Does nothing: none of this lasts.</summary>
    public Errno Flush() => Errno.None;

    /// <summary>Does nothing, which a device may.</summary>
    public Errno Discard(long offsetBytes, long lengthBytes) => DeviceRules.CheckRange(this, offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public Errno Resize(long sizeBytes)
    {
        Errno error = DeviceRules.CheckResize(this, sizeBytes);
        if (error == Errno.None)
        {
            Volatile.Write(ref _sizeBytes, sizeBytes);
        }

        return error;
    }

    /// <inheritdoc/>
    public IDeviceQueue CreateQueue(int depth) => new DeferredQueue(this, WritePieces, depth);

    /// <inheritdoc/>
    public ReservedRegion? TryMap(long capacityBytes) => null;

    /// <summary>Forgets what was written; the device below stays open.</summary>
    public void Dispose() => _pages.Clear();

    private void CopyPages(Span<byte> buffer, long offsetBytes)
    {
        while (!buffer.IsEmpty)
        {
            int start = (int)(offsetBytes % PageBytes);
            int count = Math.Min(PageBytes - start, buffer.Length);
            if (_pages.TryGetValue(offsetBytes / PageBytes, out byte[]? page))
            {
                page.AsSpan(start, count).CopyTo(buffer);
            }

            buffer = buffer[count..];
            offsetBytes += count;
        }
    }

    private IoResult WritePieces(DeferredWrite write)
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
