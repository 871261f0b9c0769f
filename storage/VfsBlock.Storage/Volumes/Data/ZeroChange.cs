using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// Makes a range of a file read as zeros: blocks inside go, those at the edges are written again. It may also make the file longer, to the end of the range.
/// </summary>
/// <remarks>
/// Lives on the stack. A range of very many extents takes several changes, from its beginning on: <see cref="EndBytes"/> says how far this one comes. A crash in
/// between leaves the rest as it was, as with a long write.
/// </remarks>
/// <param name="owner">Where the blocks go.</param>
/// <param name="inode">The file.</param>
/// <param name="offsetBytes">Where the range begins.</param>
/// <param name="endBytes">Where it ends; above <paramref name="offsetBytes"/>.</param>
/// <param name="makesLonger">True if the file is to reach to the end of the range.</param>
/// <param name="edgeBytes">Room for two blocks.</param>
internal ref struct ZeroChange(FileData owner, InodeNumber inode, ulong offsetBytes, ulong endBytes, bool makesLonger, Span<byte> edgeBytes) : IFreeingChange
{
    private const int BlockSizeBytes = WriteChunk.BlockSizeBytes;

    private readonly FileData _owner = owner;
    private readonly InodeNumber _inode = inode;
    private readonly ulong _offsetBytes = offsetBytes;
    private readonly ulong _wantedEndBytes = endBytes;
    private readonly bool _makesLonger = makesLonger;
    private InodeItem _before;
    private bool _isInline;
    private ulong _firstBlock;
    private ulong _endBlock;

    /// <summary>Where the part of the range ends that this change reaches.</summary>
    public ulong EndBytes { get; private set; }

    /// <summary>The blocks at the edges, if they had to be read.</summary>
    public EdgeBlocks Edges = new(edgeBytes);

    /// <summary>True if the change could not go on because writes are paused.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>True if the change could not go on because what lies behind the end of the file was not removed yet.</summary>
    public bool NeedsTruncation { get; private set; }

    /// <summary>How many blocks became dirty that were not.</summary>
    public int DirtiedBlockCount { get; private set; }

    private readonly ulong SizeThen => _makesLonger ? Math.Max(_before.SizeBytes, EndBytes) : _before.SizeBytes;

    // The bytes at the beginning of the range that share their block with what stays.
    private readonly bool HasHead => _offsetBytes % BlockSizeBytes != 0 && _offsetBytes < _before.SizeBytes;

    // The bytes at its end. Behind the end of the file there is nothing that stays.
    private readonly bool HasTail => EndBytes % BlockSizeBytes != 0 && EndBytes < _before.SizeBytes
        && (!HasHead || EndBytes / BlockSizeBytes != _offsetBytes / BlockSizeBytes);

    /// <inheritdoc/>
    public int MaxExtents { get; set; } = owner.MaxExtentsPerChange;

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref VolumeView view = ref transaction.View;
        NeedsTruncation = false;
        IsPaused = _owner.IsPaused;
        if (IsPaused)
        {
            return view.Fail(Errno.EAGAIN);
        }

        if (!FileData.FindRegular(ref view, _inode, out _before) || !view.RequireFree(in _before) || !transaction.WillUpdate(_inode))
        {
            return false;
        }

        NeedsTruncation = _before.IsTruncationPending;
        if (NeedsTruncation)
        {
            return view.Fail(Errno.EAGAIN);
        }

        EndBytes = _wantedEndBytes;
        return FileData.FindInline(ref view, _inode, in _before, out _isInline)
            && (_isInline ? PrepareInline(ref transaction) : PrepareBlocks(ref transaction));
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        InodeItem after = _before;
        if (_isInline)
        {
            ApplyInline(ref transaction, ref after);
        }
        else
        {
            ApplyEdges(ref transaction.View);
            if (_firstBlock < _endBlock)
            {
                ulong gone = _owner.DropBlocks(_inode, _firstBlock, _endBlock)
                    + new ExtentRemoval(_inode, _firstBlock, _endBlock).Apply(ref transaction, _owner);
                after.BlockCount -= Math.Min(gone, after.BlockCount);
            }
        }

        after.SizeBytes = SizeThen;
        after.SetChanged(transaction.Now);
        transaction.Update(_inode, in _before, in after);
    }

    private bool PrepareInline(ref VolumeTransaction transaction) =>
        transaction.WillPut(FileKey.Of(_inode, ItemType.Inline), WriteChange.MaxInlineBytes)
        && (SizeThen <= WriteChange.MaxInlineBytes || HasChunk(ref transaction.View, 0));

    private void ApplyInline(ref VolumeTransaction transaction, ref InodeItem after)
    {
        TreeKey key = FileKey.Of(_inode, ItemType.Inline);
        Span<byte> value = stackalloc byte[BlockSizeBytes];
        value.Clear();
        transaction.View.Find(key, out _, out ReadOnlySpan<byte> old);
        old.CopyTo(value);
        if (_offsetBytes < (ulong)old.Length)
        {
            value[(int)_offsetBytes..(int)Math.Min((ulong)old.Length, EndBytes)].Clear();
        }

        if (SizeThen <= WriteChange.MaxInlineBytes)
        {
            transaction.Put(key, value[..(int)SizeThen]);
            return;
        }

        transaction.Delete(key);
        value.CopyTo(_owner.OpenBlock(_inode, 0, BlockCover.Hole, out bool isNew));
        DirtiedBlockCount += isNew ? 1 : 0;
        after.BlockCount++;
    }

    private bool PrepareBlocks(ref VolumeTransaction transaction)
    {
        ref VolumeView view = ref transaction.View;
        _firstBlock = (_offsetBytes + BlockSizeBytes - 1) / BlockSizeBytes;
        ulong wantedEnd = EndBytes < _before.SizeBytes ? EndBytes / BlockSizeBytes : (EndBytes + BlockSizeBytes - 1) / BlockSizeBytes;
        _endBlock = wantedEnd;
        if (_firstBlock < _endBlock)
        {
            if (!ExtentMap.Limit(ref view, _inode, _firstBlock, ref _endBlock, MaxExtents))
            {
                return false;
            }

            EndBytes = _endBlock < wantedEnd ? _endBlock * BlockSizeBytes : EndBytes;
            var removal = new ExtentRemoval(_inode, _firstBlock, _endBlock);
            if (!removal.Prepare(ref transaction))
            {
                return false;
            }
        }

        int neededChunks = 0;
        return (!HasHead || FindEdge(ref view, _offsetBytes / BlockSizeBytes, ref neededChunks, out _))
            && (!HasTail || FindEdge(ref view, EndBytes / BlockSizeBytes, ref neededChunks, out _));
    }

    // The old bytes of a block at an edge; empty if they are zeros anyway.
    private bool FindEdge(ref VolumeView view, ulong block, ref int neededChunks, out ReadOnlySpan<byte> bytes)
    {
        bytes = _owner.Buffer.FindBlock(_inode, block);
        if (!bytes.IsEmpty)
        {
            return HasChunk(ref view, block / WriteChunk.BlockCount, ref neededChunks);
        }

        Span<uint> checksum = stackalloc uint[1];
        TreeStatus status = ExtentMap.Find(view.Core.Files, _inode, block, block + 1, checksum, out FileRange range, out NodePointer cold);
        if (!view.Check(status, cold))
        {
            return false;
        }

        var edge = new EdgeBlock(block, range.Place, range.Generation, checksum[0]);
        return !range.IsWritten
            || (HasChunk(ref view, block / WriteChunk.BlockCount, ref neededChunks) && (Edges.TryGet(in edge, out bytes) || view.Fail(Errno.EAGAIN)));
    }

    private readonly bool HasChunk(ref VolumeView view, ulong chunkIndex)
    {
        int neededChunks = 0;
        return HasChunk(ref view, chunkIndex, ref neededChunks);
    }

    private readonly bool HasChunk(ref VolumeView view, ulong chunkIndex, ref int neededChunks)
    {
        int slot = _owner.Buffer.Find(_inode, chunkIndex);
        neededChunks += slot < 0 || _owner.Buffer[slot].State != ChunkState.Dirty ? 1 : 0;
        return neededChunks <= _owner.Buffer.FreeCount || view.Fail(Errno.EAGAIN);
    }

    private void ApplyEdges(ref VolumeView view)
    {
        if (HasHead)
        {
            int from = (int)(_offsetBytes % BlockSizeBytes);
            ulong room = EndBytes - (_offsetBytes - (ulong)from);
            ClearPart(ref view, _offsetBytes / BlockSizeBytes, from, (int)Math.Min(room, BlockSizeBytes));
        }

        if (HasTail)
        {
            ClearPart(ref view, EndBytes / BlockSizeBytes, 0, (int)(EndBytes % BlockSizeBytes));
        }
    }

    private void ClearPart(ref VolumeView view, ulong block, int from, int end)
    {
        int neededChunks = 0;
        FindEdge(ref view, block, ref neededChunks, out ReadOnlySpan<byte> old);
        if (old.IsEmpty)
        {
            return;
        }

        Span<byte> bytes = _owner.OpenBlock(_inode, block, BlockCover.Written, out bool isNew);
        if (isNew)
        {
            old.CopyTo(bytes);
            DirtiedBlockCount++;
        }

        bytes[from..end].Clear();
    }
}
