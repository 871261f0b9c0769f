using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Writes bytes into a file: into its inode's own item as long as they are few, otherwise into chunks of the write buffer.</summary>
/// <remarks>Lives on the stack of the writing thread. <see cref="FileData.Write"/> runs it, and brings what it says it needs.</remarks>
internal ref struct WriteChange(FileData owner, InodeNumber inode, ulong offsetBytes, ReadOnlySpan<byte> data, Span<byte> edgeBytes) : IVolumeChange
{
    /// <summary>The most bytes of a file that are kept in its own item.</summary>
    public const int MaxInlineBytes = 2048;

    private const int BlockSizeBytes = WriteChunk.BlockSizeBytes;

    private readonly FileData _owner = owner;
    private readonly WriteBuffer _buffer = owner.Buffer;
    private readonly InodeNumber _inode = inode;
    private readonly ulong _offsetBytes = offsetBytes;
    private readonly ReadOnlySpan<byte> _data = data;
    private InodeItem _before;
    private bool _isInline;
    private bool _staysInline;
    private FileRange _backing;
    private bool _openedNew;
    private ulong _filledHoleCount;

    /// <summary>Blocks at the edges that had to be read.</summary>
    public EdgeBlocks Edges = new(edgeBytes);

    /// <summary>How many free chunks it takes: with fewer it could not go on.</summary>
    public int NeededChunkCount { get; private set; }

    /// <summary>True if the change could not go on because writes are paused.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>How many blocks became dirty that were not and have no place: so much of the reservation is used.</summary>
    public int DirtiedBlockCount { get; private set; }

    /// <summary>How many blocks were reserved. Set by the caller.</summary>
    public int ReservedBlockCount { get; set; }

    /// <summary>How many blocks must be reserved: with fewer, the change answers ENOSPC. Blocks that go to space set aside before need none.</summary>
    public int NeededBlockCount { get; private set; }

    /// <summary>True if the change could not go on because what lies behind the end of the file was not removed yet.</summary>
    public bool NeedsTruncation { get; private set; }

    private readonly ulong EndBytes => _offsetBytes + (ulong)_data.Length;

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        NeededChunkCount = 0;
        NeedsTruncation = false;
        IsPaused = _owner.IsPaused;
        ref VolumeView view = ref transaction.View;
        if (IsPaused)
        {
            return view.Fail(Errno.EAGAIN);
        }

        if (!view.FindInode(_inode, out _before) || !CheckTarget(ref view))
        {
            return false;
        }

        NeedsTruncation = _before.IsTruncationPending && EndBytes > _before.SizeBytes;
        if (NeedsTruncation)
        {
            return view.Fail(Errno.EAGAIN);
        }

        if (!FindInline(ref view, out ReadOnlySpan<byte> inlineBytes))
        {
            return false;
        }

        TreeKey inlineKey = FileKey.Of(_inode, ItemType.Inline);
        if (_staysInline)
        {
            return transaction.WillPut(inlineKey, (int)Math.Max(EndBytes, _before.SizeBytes)) && transaction.WillUpdate(_inode);
        }

        return (!_isInline || transaction.WillDelete(inlineKey))
            && HasChunks(ref view)
            && HasSpace(ref view)
            && FindEdges(ref view)
            && transaction.WillUpdate(_inode);
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        if (_staysInline)
        {
            ApplyInline(ref transaction);
        }
        else
        {
            ApplyBlocks(ref transaction);
        }

        InodeItem after = _before;
        after.SizeBytes = Math.Max(after.SizeBytes, EndBytes);
        after.BlockCount += _filledHoleCount;
        after.SetChanged(transaction.Now);
        transaction.Update(_inode, in _before, in after);
    }

    private readonly bool CheckTarget(ref VolumeView view) => _before.Type switch
    {
        InodeType.Regular => (EndBytes <= InodeItem.MaxSizeBytes || view.Fail(Errno.EFBIG)) && view.RequireWritable(in _before, _offsetBytes),
        InodeType.Directory => view.Fail(Errno.EISDIR),
        _ => view.Fail(Errno.EINVAL),
    };

    // Whether the bytes are in the inode's item now, and whether they still will be.
    private bool FindInline(ref VolumeView view, out ReadOnlySpan<byte> inlineBytes)
    {
        _isInline = false;
        _staysInline = false;
        inlineBytes = default;
        if (_before.SizeBytes > MaxInlineBytes)
        {
            return true;
        }

        if (_before.SizeBytes > 0)
        {
            if (!view.Find(FileKey.Of(_inode, ItemType.Inline), out _isInline, out inlineBytes))
            {
                return false;
            }

            if (_isInline && (ulong)inlineBytes.Length != _before.SizeBytes)
            {
                return view.FailDamaged(_inode);
            }

            _staysInline = _isInline && EndBytes <= MaxInlineBytes;
            return true;
        }

        // An empty file may have blocks set aside; then they are what the bytes go to.
        if (EndBytes > MaxInlineBytes)
        {
            return true;
        }

        if (!view.FindNext(_inode, ItemType.Extent, 0, out bool hasExtents, out _))
        {
            return false;
        }

        _staysInline = !hasExtents;
        return true;
    }

    private void ApplyInline(ref VolumeTransaction transaction)
    {
        Span<byte> value = stackalloc byte[MaxInlineBytes];
        value.Clear();
        if (_isInline)
        {
            transaction.View.Find(FileKey.Of(_inode, ItemType.Inline), out _, out ReadOnlySpan<byte> bytes);
            bytes.CopyTo(value);
        }

        _data.CopyTo(value[(int)_offsetBytes..]);
        transaction.Put(FileKey.Of(_inode, ItemType.Inline), value[..(int)Math.Max(EndBytes, _before.SizeBytes)]);
    }

    private bool HasChunks(ref VolumeView view)
    {
        ulong first = _offsetBytes / WriteChunk.LengthBytes;
        ulong last = (EndBytes - 1) / WriteChunk.LengthBytes;

        // One more for what was in the inode's item.
        int needed = _isInline && first > 0 ? 1 : 0;
        for (ulong index = first; index <= last; index++)
        {
            int slot = _buffer.Find(_inode, index);
            needed += slot < 0 || _buffer[slot].State != ChunkState.Dirty ? 1 : 0;
        }

        NeededChunkCount = needed;
        return needed <= _buffer.FreeCount || view.Fail(Errno.EAGAIN);
    }

    // The old bytes of blocks that are written in part must be at hand.
    private bool FindEdges(ref VolumeView view)
    {
        ulong first = _offsetBytes / BlockSizeBytes;
        ulong last = (EndBytes - 1) / BlockSizeBytes;
        if (_offsetBytes % BlockSizeBytes != 0 && !FindEdge(ref view, first, out _))
        {
            return false;
        }

        bool endsInside = EndBytes % BlockSizeBytes != 0 && EndBytes < _before.SizeBytes;
        return !endsInside || (last == first && _offsetBytes % BlockSizeBytes != 0) || FindEdge(ref view, last, out _);
    }

    // The bytes of a block as they are now, if it must be read and was; empty if they are zeros or in the buffer.
    private bool FindEdge(ref VolumeView view, ulong block, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_isInline || block * BlockSizeBytes >= _before.SizeBytes || !_buffer.FindBlock(_inode, block).IsEmpty)
        {
            return true;
        }

        Span<uint> checksum = stackalloc uint[1];
        TreeStatus status = ExtentMap.Find(view.Core.Files, _inode, block, block + 1, checksum, out FileRange range, out NodePointer cold);
        if (!view.Check(status, cold))
        {
            return false;
        }

        var edge = new EdgeBlock(block, range.Place, range.Generation, checksum[0]);
        return !range.IsWritten || Edges.TryGet(in edge, out bytes) || view.Fail(Errno.EAGAIN);
    }

    private void ApplyBlocks(ref VolumeTransaction transaction)
    {
        if (_isInline)
        {
            MoveInline(ref transaction);
        }

        ulong position = _offsetBytes;
        ReadOnlySpan<byte> rest = _data;
        while (!rest.IsEmpty)
        {
            ulong block = position / BlockSizeBytes;
            int skip = (int)(position % BlockSizeBytes);
            int count = Math.Min(BlockSizeBytes - skip, rest.Length);
            Span<byte> bytes = count == BlockSizeBytes ? OpenBlock(ref transaction.View, block) : OpenPartialBlock(ref transaction.View, block);
            rest[..count].CopyTo(bytes[skip..]);
            rest = rest[count..];
            position += (ulong)count;
        }
    }

    private void MoveInline(ref VolumeTransaction transaction)
    {
        TreeKey key = FileKey.Of(_inode, ItemType.Inline);
        transaction.View.Find(key, out _, out ReadOnlySpan<byte> value);
        Span<byte> bytes = OpenBlock(ref transaction.View, 0);
        value.CopyTo(bytes);
        bytes[value.Length..].Clear();
        transaction.Delete(key);
        _isInline = false;
    }

    private Span<byte> OpenBlock(ref VolumeView view, ulong block)
    {
        FindCover(ref view, block, out BlockCover cover);
        Span<byte> bytes = _owner.OpenBlock(_inode, block, cover, out bool isNew);
        DirtiedBlockCount += isNew && cover != BlockCover.Unwritten ? 1 : 0;
        _filledHoleCount += isNew && cover == BlockCover.Hole ? 1UL : 0;
        _openedNew = isNew;
        return bytes;
    }

    // Blocks that are not dirty yet need one of the reservation each, unless an unwritten extent covers them.
    private bool HasSpace(ref VolumeView view)
    {
        _backing = default;
        ulong first = _offsetBytes / BlockSizeBytes;
        ulong last = (EndBytes - 1) / BlockSizeBytes;
        NeededBlockCount = _isInline ? 1 : 0;
        for (ulong block = first; block <= last; block++)
        {
            if (!FindCover(ref view, block, out BlockCover cover))
            {
                return false;
            }

            NeededBlockCount += cover == BlockCover.Unwritten ? 0 : 1;
        }

        return NeededBlockCount <= ReservedBlockCount || view.Fail(Errno.ENOSPC);
    }

    private bool FindCover(ref VolumeView view, ulong block, out BlockCover cover)
    {
        if (block < _backing.FirstBlock || block >= _backing.EndBlock)
        {
            ulong end = Math.Max(block, (EndBytes - 1) / BlockSizeBytes) + 1;
            TreeStatus status = ExtentMap.Find(view.Core.Files, _inode, block, end, default, out _backing, out NodePointer cold);
            if (!view.Check(status, cold))
            {
                cover = BlockCover.Hole;
                return false;
            }

            if (_backing.IsUnwritten && !_owner.CanOverwrite(in _backing))
            {
                cover = BlockCover.Hole;
                return view.FailDamaged(_inode);
            }
        }

        cover = _backing.IsUnwritten ? BlockCover.Unwritten : _backing.IsWritten ? BlockCover.Written : BlockCover.Hole;
        return true;
    }

    private Span<byte> OpenPartialBlock(ref VolumeView view, ulong block)
    {
        ReadOnlySpan<byte> buffered = _buffer.FindBlock(_inode, block);
        FindEdge(ref view, block, out ReadOnlySpan<byte> stored);
        Span<byte> bytes = OpenBlock(ref view, block);
        if (!_openedNew)
        {
            return bytes;
        }

        ReadOnlySpan<byte> old = buffered.IsEmpty ? stored : buffered;
        if (old.IsEmpty)
        {
            bytes.Clear();
        }
        else
        {
            old.CopyTo(bytes);
        }

        return bytes;
    }
}
