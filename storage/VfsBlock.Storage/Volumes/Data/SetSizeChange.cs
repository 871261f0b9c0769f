using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Makes a file shorter or longer. What is behind the new end goes; what is added reads as zeros and takes no space.</summary>
/// <remarks>
/// Lives on the stack. A file of very many extents has its new size at once, but what lies behind it is removed in slices, each a change that fits the log:
/// if <see cref="IsUnfinished"/>, the inode says so, and an orphan item names it, until they are done.
/// </remarks>
internal ref struct SetSizeChange(FileData owner, InodeNumber inode, ulong sizeBytes, Span<byte> edgeBytes) : IFreeingChange
{
    private const int BlockSizeBytes = WriteChunk.BlockSizeBytes;

    private readonly FileData _owner = owner;
    private readonly InodeNumber _inode = inode;
    private readonly ulong _sizeBytes = sizeBytes;
    private InodeItem _before;
    private ulong _removalEnd;
    private bool _isInline;

    /// <summary>True if extents are left behind the new end.</summary>
    public readonly bool IsUnfinished => _removalEnd < ExtentMap.EndBlock;

    /// <summary>The block that the new end cuts in two, if it had to be read.</summary>
    public EdgeBlocks Edges = new(edgeBytes);

    /// <summary>True if the change could not go on because writes are paused.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>True if the change could not go on for want of a free chunk.</summary>
    public bool NeedsChunks { get; private set; }

    /// <summary>True if the change could not go on because what lies behind the end of the file was not removed yet.</summary>
    public bool NeedsTruncation { get; private set; }

    /// <summary>How many blocks became dirty that were not.</summary>
    public int DirtiedBlockCount { get; private set; }

    /// <inheritdoc/>
    public int MaxExtents { get; set; } = owner.MaxExtentsPerChange;

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref VolumeView view = ref transaction.View;
        NeedsChunks = false;
        IsPaused = _owner.IsPaused;
        if (IsPaused)
        {
            return view.Fail(Errno.EAGAIN);
        }

        if (!view.FindInode(_inode, out _before))
        {
            return false;
        }

        if (_before.Type != InodeType.Regular)
        {
            return view.Fail(_before.IsDirectory ? Errno.EISDIR : Errno.EINVAL);
        }

        if (!view.RequireFree(in _before))
        {
            return false;
        }

        // What was cut off must not come back when the file grows.
        NeedsTruncation = _before.IsTruncationPending;
        if (NeedsTruncation)
        {
            return view.Fail(Errno.EAGAIN);
        }

        return transaction.WillUpdate(_inode) && PrepareInline(ref transaction) && PrepareBlocks(ref transaction);
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        InodeItem after = _before;
        if (_isInline)
        {
            ApplyInline(ref transaction, ref after);
        }
        else if (_sizeBytes < _before.SizeBytes)
        {
            ulong end = EndBlock(_sizeBytes);
            ZeroTail(ref transaction.View);
            ulong gone = _owner.DropBlocks(_inode, end) + new ExtentRemoval(_inode, end, _removalEnd).Apply(ref transaction, _owner);
            after.BlockCount -= Math.Min(gone, after.BlockCount);
        }

        if (IsUnfinished)
        {
            after.IsTruncationPending = true;
            transaction.Put(FileKey.Orphan(_inode), OrphanItem.Bytes);
        }

        after.SizeBytes = _sizeBytes;
        after.SetChanged(transaction.Now);
        transaction.Update(_inode, in _before, in after);
    }

    private static ulong EndBlock(ulong sizeBytes) => (sizeBytes + BlockSizeBytes - 1) / BlockSizeBytes;

    private bool PrepareInline(ref VolumeTransaction transaction)
    {
        _isInline = false;
        if (_before.SizeBytes is 0 or > WriteChange.MaxInlineBytes)
        {
            return true;
        }

        TreeKey key = FileKey.Of(_inode, ItemType.Inline);
        if (!transaction.View.Find(key, out _isInline, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        if (!_isInline)
        {
            return true;
        }

        if ((ulong)bytes.Length != _before.SizeBytes)
        {
            return transaction.View.FailDamaged(_inode);
        }

        return transaction.WillPut(key, WriteChange.MaxInlineBytes) && (_sizeBytes <= WriteChange.MaxInlineBytes || HasChunk(ref transaction.View, 0));
    }

    private void ApplyInline(ref VolumeTransaction transaction, ref InodeItem after)
    {
        TreeKey key = FileKey.Of(_inode, ItemType.Inline);
        Span<byte> value = stackalloc byte[BlockSizeBytes];
        value.Clear();
        transaction.View.Find(key, out _, out ReadOnlySpan<byte> old);
        old[..(int)Math.Min((ulong)old.Length, _sizeBytes)].CopyTo(value);
        if (_sizeBytes is > 0 and <= WriteChange.MaxInlineBytes)
        {
            transaction.Put(key, value[..(int)_sizeBytes]);
            return;
        }

        transaction.Delete(key);
        if (_sizeBytes > 0)
        {
            value.CopyTo(_owner.OpenBlock(_inode, 0, BlockCover.Hole, out bool isNew));
            DirtiedBlockCount += isNew ? 1 : 0;
            after.BlockCount++;
        }
    }

    private bool PrepareBlocks(ref VolumeTransaction transaction)
    {
        _removalEnd = ExtentMap.EndBlock;
        if (_isInline || _sizeBytes >= _before.SizeBytes)
        {
            return true;
        }

        ref VolumeView view = ref transaction.View;
        ulong end = EndBlock(_sizeBytes);
        if (!ExtentMap.Limit(ref view, _inode, end, ref _removalEnd, MaxExtents))
        {
            return false;
        }

        var removal = new ExtentRemoval(_inode, end, _removalEnd);
        return removal.Prepare(ref transaction)
            && (!IsUnfinished || transaction.WillPut(FileKey.Orphan(_inode), OrphanItem.EncodedBytes))
            && (_sizeBytes % BlockSizeBytes == 0 || FindTail(ref view, out _, out _));
    }

    // The block that the new end cuts: its bytes if it must be written again with zeros behind the end.
    private bool FindTail(ref VolumeView view, out bool isStored, out ReadOnlySpan<byte> bytes)
    {
        ulong block = _sizeBytes / BlockSizeBytes;
        isStored = false;
        bytes = _owner.Buffer.FindBlock(_inode, block);
        if (!bytes.IsEmpty)
        {
            return HasChunk(ref view, block / WriteChunk.BlockCount);
        }

        Span<uint> checksum = stackalloc uint[1];
        TreeStatus status = ExtentMap.Find(view.Core.Files, _inode, block, block + 1, checksum, out FileRange range, out NodePointer cold);
        if (!view.Check(status, cold))
        {
            return false;
        }

        isStored = range.IsWritten;
        var edge = new EdgeBlock(block, range.Place, range.Generation, checksum[0]);
        return !isStored || (HasChunk(ref view, block / WriteChunk.BlockCount) && (Edges.TryGet(in edge, out bytes) || view.Fail(Errno.EAGAIN)));
    }

    private bool HasChunk(ref VolumeView view, ulong chunkIndex)
    {
        int slot = _owner.Buffer.Find(_inode, chunkIndex);
        NeedsChunks = _owner.Buffer.FreeCount == 0 && (slot < 0 || _owner.Buffer[slot].State != ChunkState.Dirty);
        return !NeedsChunks || view.Fail(Errno.EAGAIN);
    }

    private void ZeroTail(ref VolumeView view)
    {
        int keep = (int)(_sizeBytes % BlockSizeBytes);
        if (keep == 0)
        {
            return;
        }

        FindTail(ref view, out _, out ReadOnlySpan<byte> old);
        if (old.IsEmpty)
        {
            return;
        }

        Span<byte> bytes = _owner.OpenBlock(_inode, _sizeBytes / BlockSizeBytes, BlockCover.Written, out bool isNew);
        if (isNew)
        {
            old.CopyTo(bytes);
            DirtiedBlockCount++;
        }

        bytes[keep..].Clear();
    }
}
