using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// A file or block device of the host. Reads go through the page cache; writes go past it, so that a flush has nothing of others to write;
/// where the host refuses O_DIRECT they go through it and are sent on at once.
/// </summary>
/// <remarks>
/// Owns two descriptors of one file and the lock that keeps other openers out. Threads: see <see cref="IBlockDevice"/>; changes of size take
/// a lock. No I/O runs under a lock.
/// </remarks>
public sealed partial class FileDevice : IBlockDevice
{
    private readonly Lock _resizing = new();
    private readonly DeviceViews _views = new();
    private readonly HostFile _file;
    private readonly HostFile? _direct;
    private readonly RwFlags _writeFlags;
    private readonly bool _isRegular;
    private volatile bool _hasNoWait;
    private long _sizeBytes;

    private FileDevice(string path, HostFile file, HostFile? direct, HostFileFacts facts, bool isReadOnly)
    {
        Name = path;
        _file = file;
        _direct = direct;
        _isRegular = facts.Kind == HostFileKind.RegularFile;
        _sizeBytes = facts.SizeBytes;
        IsReadOnly = isReadOnly;
        AlignmentBytes = direct is null ? DeviceRules.CommonAlignmentBytes : facts.DirectAlignmentBytes ?? DeviceRules.CommonAlignmentBytes;
        RwFlagSupport support = isReadOnly ? new RwFlagSupport(RwFlags.NoWait, RwFlags.None) : file.ProbeRwFlags();
        _hasNoWait = support.Read.HasFlag(RwFlags.NoWait);
        _writeFlags = direct is null ? support.Write & RwFlags.DontCache : RwFlags.None;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int AlignmentBytes { get; }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <inheritdoc/>
    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    /// <inheritdoc/>
    public bool CanResize => _isRegular && !IsReadOnly;

    /// <summary>True if writes go past the page cache.</summary>
    public bool IsDirect => _direct is not null;

    private HostFile Writer => _direct ?? _file;

    // The kernel forgets pages only where it knows DontCache; elsewhere they are at least on their way before the next flush.
    private bool MustStartWriteBack => _direct is null && _writeFlags == RwFlags.None;

    /// <inheritdoc/>
    public IoResult Read(Span<byte> buffer, long offsetBytes) =>
        DeviceRules.TryClip(ref buffer, offsetBytes, SizeBytes) ? _file.ReadExactlyAt(buffer, offsetBytes) : IoResult.Fail(Errno.EINVAL);

    /// <inheritdoc/>
    public IoResult ReadNow(Span<byte> buffer, long offsetBytes)
    {
        if (!DeviceRules.TryClip(ref buffer, offsetBytes, SizeBytes))
        {
            return IoResult.Fail(Errno.EINVAL);
        }

        if (_hasNoWait)
        {
            IoResult result = _file.ReadExactlyAt(buffer, offsetBytes, RwFlags.NoWait);
            if (result.Error != Errno.EOPNOTSUPP)
            {
                return result;
            }

            _hasNoWait = false;
        }

        return _file.ReadExactlyAt(buffer, offsetBytes);
    }

    /// <inheritdoc/>
    public void ReadAhead(long offsetBytes, long lengthBytes) => _file.StartReadAhead(offsetBytes, lengthBytes);

    /// <inheritdoc/>
    public IoResult Write(ReadOnlySpan<byte> data, long offsetBytes)
    {
        Errno error = DeviceRules.CheckWrite(this, data, offsetBytes);
        if (error != Errno.None || data.IsEmpty)
        {
            return IoResult.Fail(error);
        }

        IoResult result = Writer.WriteAllAt(data, offsetBytes, _writeFlags);
        if (MustStartWriteBack)
        {
            _file.StartWriteBack(offsetBytes, data.Length);
        }

        return result;
    }

    /// <summary>fdatasync(2): all of the file, its size included.</summary>
    /// <inheritdoc/>
    public Errno Flush() => IsReadOnly ? Errno.None : _file.FlushData();

    /// <inheritdoc/>
    public Errno Discard(long offsetBytes, long lengthBytes)
    {
        Errno error = DeviceRules.CheckRange(this, offsetBytes, lengthBytes);
        if (error != Errno.None || lengthBytes == 0)
        {
            return error;
        }

        error = _file.Allocate(FallocateModes.PunchHole | FallocateModes.KeepSize, offsetBytes, lengthBytes);
        return error is Errno.EOPNOTSUPP or Errno.ENODEV or Errno.ENOSYS or Errno.ENOTTY ? Errno.None : error;
    }

    /// <inheritdoc/>
    public Errno Resize(long sizeBytes)
    {
        Errno error = DeviceRules.CheckResize(this, sizeBytes);
        if (error != Errno.None)
        {
            return error;
        }

        lock (_resizing)
        {
            long oldBytes = _sizeBytes;
            if (sizeBytes < oldBytes)
            {
                // First nobody may look where nothing will be: a view past the file's end is SIGBUS.
                Volatile.Write(ref _sizeBytes, sizeBytes);
                _views.Follow(sizeBytes);
            }

            error = _file.Resize(sizeBytes);
            Volatile.Write(ref _sizeBytes, error == Errno.None ? sizeBytes : oldBytes);
            _views.Follow(_sizeBytes);
            return error;
        }
    }

    /// <inheritdoc/>
    public IDeviceQueue CreateQueue(int depth)
    {
        DeviceRules.DemandWritable(this);
        return new FileDeviceQueue(this, Writer, _writeFlags, MustStartWriteBack, depth);
    }

    /// <summary>A shared mapping without read-ahead, and left out of core dumps; null for block devices.</summary>
    /// <inheritdoc/>
    public ReservedRegion? TryMap(long capacityBytes)
    {
        if (!_isRegular)
        {
            return null;
        }

        ReservedRegion view = ReservedRegion.ForFile(
            _file.Handle, MapAccess.ReadOnly, capacityBytes, MemoryAdvice.Random, MemoryAdvice.DontDump);
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

    /// <summary>Lets others open the file, and closes it. Nothing is flushed. A second call does nothing.</summary>
    public void Dispose()
    {
        if (!_file.Handle.IsClosed)
        {
            // A view that outlives the device keeps the file open, but shall not keep others out.
            _file.Unlock();
        }

        _direct?.Dispose();
        _file.Dispose();
    }
}
