using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>A file of a volume as a stream. It holds the file: a file that is deleted meanwhile lives until the stream is closed.</summary>
/// <remarks>One thread at a time, as any stream. Several streams of one file see each other's writes at once.</remarks>
public sealed class VolumeStream : Stream
{
    private readonly Volume _volume;
    private readonly InodeNumber _inode;
    private readonly string _path;
    private long _position;
    private bool _isClosed;

    // The caller holds the inode for the stream.
    internal VolumeStream(Volume volume, InodeNumber inode, string path)
    {
        _volume = volume;
        _inode = inode;
        _path = path;
    }

    /// <inheritdoc/>
    public override bool CanRead => !_isClosed;

    /// <inheritdoc/>
    public override bool CanSeek => !_isClosed;

    /// <inheritdoc/>
    public override bool CanWrite => !_isClosed;

    /// <inheritdoc/>
    public override long Length
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            VolumePath.ThrowIfFailed(_volume.GetAttributes(_inode, out InodeItem attributes), _path);
            return (long)attributes.SizeBytes;
        }
    }

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        IoResult result = _volume.Read(_inode, (ulong)_position, buffer);
        if (result.Bytes == 0)
        {
            VolumePath.ThrowIfFailed(result.Error, _path);
        }

        _position += result.Bytes;
        return (int)result.Bytes;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        IoResult result = _volume.Write(_inode, (ulong)_position, buffer);
        _position += result.Bytes;
        VolumePath.ThrowIfFailed(result.Error, _path);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        long position = offset + (origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => Length,
        });
        if (position < 0)
        {
            throw new IOException($"{_path}: a position before the beginning of the file");
        }

        return _position = position;
    }

    /// <inheritdoc/>
    public override void SetLength(long value)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        VolumePath.ThrowIfFailed(_volume.SetSize(_inode, (ulong)value), _path);
    }

    /// <summary>Nothing is held back: what was written is in the volume, and durable after <see cref="FlushToDisk"/>.</summary>
    public override void Flush()
    {
    }

    /// <summary>Returns when everything that was done in the volume is durable.</summary>
    public void FlushToDisk() => VolumePath.ThrowIfFailed(_volume.Sync(), _path);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            _volume.Release(_inode);
        }

        base.Dispose(disposing);
    }
}
