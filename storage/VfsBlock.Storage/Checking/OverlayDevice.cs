using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>What a device would hold if something was written: writes stay in memory, the device below is only read.</summary>
/// <remarks>Owns the pages written, not the device. Threads: see <see cref="IBlockDevice"/>; a lock keeps them apart, never held over I/O.</remarks>
/// <param name="device">The device below.</param>
/// <param name="memoryBytes">How much may be written before ENOSPC is the answer.</param>
internal sealed unsafe class OverlayDevice(IBlockDevice device, long memoryBytes = long.MaxValue) : IBlockDevice
{
    private const int PageBytes = DeviceRules.CommonAlignmentBytes;

    private readonly IBlockDevice _device = device;
    private readonly long _memoryBytes = memoryBytes;
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

    /// <summary>True once a write was refused because it would have taken more memory than allowed.</summary>
    public bool IsFull { get; private set; }

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes) => Read(buffer, offsetBytes, mayWait: true);

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes) => Read(buffer, offsetBytes, mayWait: false);

    private IoResult Read(Span<byte> buffer, long offsetBytes, bool mayWait)
    {
        if (!DeviceRules.TryClip(ref buffer, offsetBytes, SizeBytes))
        {
            return IoResult.Fail(Errno.EINVAL);
        }

        long below = Math.Clamp(_device.SizeBytes - offsetBytes, 0, buffer.Length);
        Span<byte> belowBuffer = buffer[..(int)below];
        IoResult result = below == 0 ? IoResult.Ok(0) : mayWait ? _device.Read(belowBuffer, offsetBytes) : _device.ReadNow(belowBuffer, offsetBytes);
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
                if (!TryStore((offsetBytes + done) / PageBytes, data.Slice(done, PageBytes)))
                {
                    return new IoResult(done, Errno.ENOSPC);
                }
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

    private bool TryStore(long page, ReadOnlySpan<byte> bytes)
    {
        if (_pages.TryGetValue(page, out byte[]? stored))
        {
            bytes.CopyTo(stored);
            return true;
        }

        IsFull |= (_pages.Count + 1L) * PageBytes > _memoryBytes;
        if (!IsFull)
        {
            _pages.Add(page, bytes.ToArray());
        }

        return !IsFull;
    }

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
