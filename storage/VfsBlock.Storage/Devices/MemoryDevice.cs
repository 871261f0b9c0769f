using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>A device in memory: sparse, growable, gone when it is disposed. For images that need not last, and for tests.</summary>
/// <remarks>
/// Owns a memory file, mapped once: memory is taken page by page as it is written, and a view shows the same pages. Threads: see
/// <see cref="IBlockDevice"/>; changes of size take a lock.
/// </remarks>
public sealed class MemoryDevice : IBlockDevice
{
    private const long DefaultCapacityBytes = 1L << 40;

    private readonly Lock _resizing = new();
    private readonly DeviceViews _views = new();
    private readonly HostFile _file;
    private readonly ReservedRegion _memory;
    private long _sizeBytes;

    /// <summary>Makes a device that reads as zeros.</summary>
    /// <param name="sizeBytes">Its size, 0 or more; a multiple of 4096.</param>
    /// <param name="capacityBytes">How far it can grow; address space only, no memory.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ErrnoException">There is no such address space.</exception>
    public MemoryDevice(long sizeBytes, long capacityBytes = DefaultCapacityBytes, string name = "memory device")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sizeBytes % AlignmentBytes, 0, nameof(sizeBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityBytes, Math.Max(1, sizeBytes));
        Name = name;
        _file = HostFile.CreateInMemory("vfsblock");
        try
        {
            _memory = ReservedRegion.ForFile(_file.Handle, MapAccess.ReadWrite, capacityBytes, MemoryAdvice.DontDump);
            Errno error = Resize(sizeBytes);
            if (error != Errno.None)
            {
                throw new ErrnoException(error, $"cannot make a memory device of {sizeBytes} bytes");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>4096: as strict as any disk, so that what works here works there.</summary>
    public int AlignmentBytes => DeviceRules.CommonAlignmentBytes;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    /// <inheritdoc/>
    public bool CanResize => true;

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes)
    {
        if (!DeviceRules.TryClip(ref buffer, offsetBytes, SizeBytes))
        {
            return IoResult.Fail(Errno.EINVAL);
        }

        if (!buffer.IsEmpty)
        {
            _memory.AsReadOnlySpan(offsetBytes, buffer.Length).CopyTo(buffer);
        }

        return IoResult.Ok(buffer.Length);
    }

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes) => Read(buffer, offsetBytes);

    /// <inheritdoc/>
    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes)
    {
        Errno error = DeviceRules.CheckWrite(this, data, offsetBytes);
        if (error != Errno.None)
        {
            return IoResult.Fail(error);
        }

        data.CopyTo(_memory.AsSpan(offsetBytes, data.Length));
        return IoResult.Ok(data.Length);
    }

    /// <summary>Does nothing: no power cut leaves anything of this device.</summary>
    public Errno Flush() => Errno.None;

    /// <inheritdoc/>
    public Errno Discard(long offsetBytes, long lengthBytes)
    {
        Errno error = DeviceRules.CheckRange(this, offsetBytes, lengthBytes);
        return error != Errno.None || lengthBytes == 0
            ? error
            : _file.Allocate(FallocateModes.PunchHole | FallocateModes.KeepSize, offsetBytes, lengthBytes);
    }

    /// <inheritdoc/>
    /// <returns>EFBIG beyond the capacity that the constructor was given.</returns>
    public Errno Resize(long sizeBytes)
    {
        Errno error = DeviceRules.CheckResize(this, sizeBytes);
        if (error != Errno.None)
        {
            return error;
        }

        if (sizeBytes > _memory.CapacityBytes)
        {
            return Errno.EFBIG;
        }

        lock (_resizing)
        {
            return sizeBytes < _sizeBytes ? Shrink(sizeBytes) : Grow(sizeBytes);
        }
    }

    /// <inheritdoc/>
    public IDeviceQueue CreateQueue(int depth) => new DeferredQueue(this, WritePieces, depth);

    /// <inheritdoc/>
    public ReservedRegion? TryMap(long capacityBytes)
    {
        ReservedRegion view = ReservedRegion.ForFile(_file.Handle, MapAccess.ReadOnly, capacityBytes, MemoryAdvice.DontDump);
        lock (_resizing)
        {
            if (_views.Add(view, _sizeBytes) == Errno.None)
            {
                return view;
            }
        }

        view.Dispose();
        return null;
    }

    /// <summary>Frees the memory, but for what views still show.</summary>
    public void Dispose()
    {
        _memory?.Dispose();
        _file.Dispose();
    }

    private Errno Grow(long sizeBytes)
    {
        Errno error = _file.Resize(sizeBytes);
        error = error == Errno.None ? _memory.GrowTo(sizeBytes) : error;
        if (error == Errno.None)
        {
            _views.Follow(sizeBytes);
            Volatile.Write(ref _sizeBytes, sizeBytes);
        }

        return error;
    }

    // Nobody may find an address inside the size that has no page behind it any more.
    private Errno Shrink(long sizeBytes)
    {
        Volatile.Write(ref _sizeBytes, sizeBytes);
        _views.Follow(sizeBytes);
        Errno error = _memory.ShrinkTo(sizeBytes);
        return error == Errno.None ? _file.Resize(sizeBytes) : error;
    }

    private unsafe IoResult WritePieces(DeferredWrite write)
    {
        long doneBytes = 0;
        foreach (IoVec piece in write.Pieces)
        {
            var data = new ReadOnlySpan<byte>((void*)piece.Address, (int)piece.LengthBytes);
            IoResult result = Write(data, write.OffsetBytes + doneBytes);
            doneBytes += result.Bytes;
            if (!result.Succeeded)
            {
                return new IoResult(doneBytes, result.Error);
            }
        }

        return IoResult.Ok(doneBytes);
    }
}
