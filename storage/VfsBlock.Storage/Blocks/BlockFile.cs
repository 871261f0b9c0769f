using System.Globalization;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// A file of blocks that survives a crash: allocate, read, change and free blocks, then <see cref="Sync"/>. After a crash the file is exactly as some
/// successful commit left it, and not older than the last one that was acknowledged.
/// </summary>
/// <remarks>
/// <para>
/// Owns the device, the map, the frames and the allocator. Any thread may call any member. One lock guards allocator, tables and leases; it is
/// never held over I/O. Commits follow one another under a lock of their own, and so does growth of the image.
/// </para>
/// <para>
/// A block is read through a read-only map, or from a frame in native memory; it is changed in a frame only. Nothing reaches the device but by a
/// commit, so a crash between commits loses changes and tears nothing. Addresses stay valid while the image grows.
/// </para>
/// <para>Requests answer with an <see cref="Errno"/>; only making and opening throw a <see cref="StorageException"/>.</para>
/// </remarks>
public sealed partial class BlockFile : IDisposable
{
    /// <summary>Most bytes that <see cref="SetControlData"/> takes.</summary>
    public const int MaxControlDataBytes = RootRecord.MaxControlDataBytes;

    private const int QueueDepth = 32;
    private const long MapMinBytes = 1L << 40;
    private const long MapMaxBytes = 1L << 46;
    private const int MapGrowthFactor = 4;

    private readonly Lock _gate = new();
    private readonly Lock _growing = new();
    private readonly IBlockDevice _device;
    private readonly IDeviceQueue? _queue;
    private readonly BlockFileOptions _options;
    private volatile Superblock _superblock;
    private readonly ImageLayout _layout;
    private readonly BlockAllocator _allocator;
    private readonly FrameCache _frames;
    private readonly IBlockSource _source;
    private readonly LeaseTable _leases;
    private RootRecord _root;
    private byte[] _controlData;
    private ulong _generation;
    private volatile Errno _failure;
    private volatile bool _isClosed;

    private BlockFile(IBlockDevice device, BlockFileOptions options, ImageOpener image)
    {
        _device = device;
        _options = options;
        _superblock = image.Superblock;
        _layout = image.Layout;
        _root = image.Root;
        _generation = Math.Max(image.NewestGeneration, image.Root.Generation) + 1;
        _controlData = image.Root.ControlData;
        IsReadOnly = options.IsReadOnly || device.IsReadOnly;
        _leases = new LeaseTable(options.TracksLeases);
        _allocator = new BlockAllocator(_layout, _root.SizeBlocks, LimitBlocks(), image.Descriptors);
        _frames = new FrameCache(_layout, NodeFormat.SizeBytes, FrameMemoryBytes);
        try
        {
            _source = CreateSource();
            _queue = IsReadOnly ? null : device.CreateQueue(QueueDepth);
        }
        catch
        {
            _source?.Dispose();
            _frames.Dispose();
            throw;
        }
    }

    /// <summary>The path it was opened by, or what takes its place.</summary>
    public string Path => _device.Name;

    /// <summary>Block size in bytes.</summary>
    public int BlockSizeBytes => _layout.BlockSizeBytes;

    /// <summary>Size of the image in bytes: what it could hold, not what it takes on the host.</summary>
    public long SizeBytes
    {
        get
        {
            lock (_gate)
            {
                return _layout.BytesOf(_allocator.SizeBlocks);
            }
        }
    }

    /// <summary>The image's id.</summary>
    public Guid Id => _superblock.Id;

    /// <summary>What the blocks hold (FORMAT.md section 1.1, content).</summary>
    public ulong Content => _superblock.Content;

    /// <summary>True if it was opened for reading only.</summary>
    public bool IsReadOnly { get; }

    /// <summary>EIO once a flush or a root record failed: what was acknowledged is safe, and nothing more will be written.</summary>
    public Errno Failure => _failure;

    /// <summary>Memory for blocks that stay in memory, in bytes.</summary>
    internal long FrameMemoryBytes => Math.Max(_options.FrameMemoryBytes, BlockFileOptions.MinFrameMemoryBytes);

    /// <summary>The open generation: the one that the next commit makes durable.</summary>
    public ulong Generation => Volatile.Read(ref _generation);

    /// <summary>
    /// Where the map begins in this process, or 0 where there is none. Stays the same until the file is closed. Use it at your own risk: only
    /// blocks that <see cref="Get"/> showed there may be touched.
    /// </summary>
    public nint Address => _isClosed ? 0 : _source.Address;

    internal ImageLayout Layout => _layout;

    internal IBlockDevice Device => _device;

    internal ulong ImageId => BitConverter.ToUInt64(_superblock.Id.ToByteArray(bigEndian: true));

    /// <summary>True if the address is still that of the map.</summary>
    public bool Valid(nint address) => address != 0 && address == Address;

    /// <summary>Which block begins at an offset.</summary>
    /// <param name="offsetBytes">Bytes from the image's first.</param>
    /// <param name="block">The block.</param>
    /// <returns>EINVAL if no block begins there, or it lies outside the image.</returns>
    public Errno BlockAt(long offsetBytes, out BlockNumber block)
    {
        bool isBlock = offsetBytes > 0 && offsetBytes % BlockSizeBytes == 0 && offsetBytes < SizeBytes;
        block = isBlock ? new BlockNumber((ulong)(offsetBytes / BlockSizeBytes)) : BlockNumber.None;
        return isBlock ? Errno.None : Errno.EINVAL;
    }

    /// <summary>
    /// Commits what is not committed, marks the image as closed cleanly and lets it go. After an error the image is still open; nothing that was
    /// acknowledged is lost by calling <see cref="Dispose"/> then.
    /// </summary>
    /// <returns>EBUSY if a lease is out; else what <see cref="Sync"/> says.</returns>
    public Errno Close()
    {
        if (_isClosed)
        {
            return Errno.None;
        }

        lock (_gate)
        {
            if (_leases.OutstandingCount > 0)
            {
                Log($"{_leases.OutstandingCount} leases are not released{_leases.Describe()}");
                return Errno.EBUSY;
            }
        }

        if (!IsReadOnly && _failure == Errno.None)
        {
            Errno error = Sync();
            error = error == Errno.None ? MarkClean() : error;
            if (error != Errno.None)
            {
                return error;
            }
        }

        Dispose();
        return Errno.None;
    }

    /// <summary>Lets the image go as it is: what was not committed is lost, as in a crash. Leases must not be used any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        lock (_commitLock)
        {
            _queue?.Dispose();
            _source.Dispose();
            _frames.Dispose();
            _allocator.Dispose();
            _commit.Dispose();
            _device.Dispose();
        }
    }

    /// <summary>A line about this image for whoever runs it.</summary>
    internal void Log(string message) => _options.Log?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{_device.Name}: {message}"));

    private Errno CheckOpen() => _isClosed ? Errno.EBADF : Errno.None;

    private Errno CheckWritable() =>
        _isClosed ? Errno.EBADF
        : IsReadOnly ? Errno.EROFS
        : _failure;

    private ulong LimitBlocks()
    {
        ulong limit = _superblock.SizeLimitBlocks == 0 ? ulong.MaxValue : _superblock.SizeLimitBlocks;
        ulong device = _device.CanResize ? ulong.MaxValue : (ulong)(_device.SizeBytes / _layout.BlockSizeBytes);
        return Math.Min(limit, device);
    }

    private IBlockSource CreateSource()
    {
        if (_options.Metadata == MetadataAccess.Pread)
        {
            return new PreadSource(_device, _layout);
        }

        long wantedBytes = _superblock.SizeLimitBlocks == 0 && _device.CanResize
            ? Math.Max(MapMinBytes, _device.SizeBytes * MapGrowthFactor)
            : Math.Max(_device.SizeBytes, _layout.BytesOf(Math.Min(LimitBlocks(), ImageLayout.MaxSizeBlocks)));
        ReservedRegion? map = _device.TryMap(Math.Min(wantedBytes, MapMaxBytes));
        if (map is not null)
        {
            return new MappedSource(_device, _layout, map);
        }

        return _options.Metadata == MetadataAccess.Auto
            ? new PreadSource(_device, _layout)
            : throw new StorageException(
                StorageErrorKind.Invalid, $"cannot open {_device.Name} with a map: this device has none", "Leave the choice to the program, or ask for reads.");
    }
}
