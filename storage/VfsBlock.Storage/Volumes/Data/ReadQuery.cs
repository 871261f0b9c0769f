using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The next part of a read: copies what is in memory or zeros, or else says which blocks of the device hold it.
/// </summary>
/// <remarks>Lives on the stack of the reading thread. <see cref="FileData.Read"/> runs it, once for each part.</remarks>
internal ref struct ReadQuery(WriteBuffer buffer, InodeNumber inode, ulong offsetBytes, Span<byte> destination, Span<uint> checksums) : IVolumeQuery
{
    private const int BlockSizeBytes = WriteChunk.BlockSizeBytes;

    private readonly WriteBuffer _buffer = buffer;
    private readonly InodeNumber _inode = inode;
    private readonly ulong _offsetBytes = offsetBytes;
    private readonly Span<byte> _destination = destination;
    private readonly Span<uint> _checksums = checksums;

    /// <summary>How many bytes this part has; 0 at the end of the file.</summary>
    public int LengthBytes { get; private set; }

    /// <summary>The blocks to read from the device; without a place if the bytes are there already.</summary>
    public FileRange Range { get; private set; }

    /// <inheritdoc/>
    public bool Run(ref VolumeView view)
    {
        LengthBytes = 0;
        Range = default;
        if (!view.FindInode(_inode, out InodeItem item))
        {
            return false;
        }

        if (item.Type != InodeType.Regular)
        {
            return view.Fail(item.IsDirectory ? Errno.EISDIR : Errno.EINVAL);
        }

        if (_offsetBytes >= item.SizeBytes)
        {
            return true;
        }

        int length = (int)Math.Min((ulong)_destination.Length, item.SizeBytes - _offsetBytes);
        if (item.SizeBytes <= WriteChange.MaxInlineBytes)
        {
            if (!view.Find(FileKey.Of(_inode, ItemType.Inline), out bool isInline, out ReadOnlySpan<byte> bytes))
            {
                return false;
            }

            if (isInline)
            {
                return (ulong)bytes.Length == item.SizeBytes ? Copied(bytes.Slice((int)_offsetBytes, length)) : view.FailDamaged(_inode);
            }
        }

        return CopyBuffered(length) || FindStored(ref view, length);
    }

    private bool Copied(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination);
        LengthBytes = bytes.Length;
        return true;
    }

    // Blocks from the first on that are in the write buffer.
    private bool CopyBuffered(int length)
    {
        int copied = 0;
        while (copied < length)
        {
            ulong position = _offsetBytes + (ulong)copied;
            ReadOnlySpan<byte> block = _buffer.FindBlock(_inode, position / BlockSizeBytes);
            if (block.IsEmpty)
            {
                break;
            }

            ReadOnlySpan<byte> part = block[(int)(position % BlockSizeBytes)..];
            part = part[..Math.Min(part.Length, length - copied)];
            part.CopyTo(_destination[copied..]);
            copied += part.Length;
        }

        LengthBytes = copied;
        return copied > 0;
    }

    private bool FindStored(ref VolumeView view, int length)
    {
        ulong first = _offsetBytes / BlockSizeBytes;
        ulong end = ((_offsetBytes + (ulong)length - 1) / BlockSizeBytes) + 1;
        TreeStatus status = ExtentMap.Find(view.Core.Files, _inode, first, UnbufferedEnd(first, end), _checksums, out FileRange range, out NodePointer cold);
        if (!view.Check(status, cold))
        {
            return status == TreeStatus.Damaged && cold.IsNone ? view.FailDamaged(_inode) : false;
        }

        int skip = (int)(_offsetBytes % BlockSizeBytes);
        LengthBytes = (int)Math.Min((ulong)length, (range.BlockCount * BlockSizeBytes) - (ulong)skip);
        if (range.IsWritten)
        {
            Range = range;
        }
        else
        {
            _destination[..LengthBytes].Clear();
        }

        return true;
    }

    private readonly ulong UnbufferedEnd(ulong first, ulong end)
    {
        if (_buffer.FreeCount == _buffer.Capacity)
        {
            return end;
        }

        ulong block = first + 1;
        while (block < end && _buffer.FindBlock(_inode, block).IsEmpty)
        {
            block++;
        }

        return block;
    }
}
