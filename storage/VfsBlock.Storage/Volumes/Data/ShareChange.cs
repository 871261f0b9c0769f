using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Lets blocks of one file be blocks of another as well, in the place of what the other had there (FORMAT.md section 4.7).</summary>
/// <remarks>
/// Lives on the stack. As many blocks as one change takes: <see cref="BlockCount"/> says how many. Holes and unwritten extents become holes. Answers EAGAIN if blocks of
/// the source are in memory, or the target's bytes are in its own item; EMLINK if a block has as many references as can be.
/// </remarks>
/// <param name="owner">Whose blocks.</param>
/// <param name="source">The file that has them.</param>
/// <param name="sourceBlock">The first of them, counted in the file.</param>
/// <param name="target">The file that gets them.</param>
/// <param name="targetBlock">Where, counted in the file.</param>
/// <param name="blockCount">How many at most.</param>
internal ref struct ShareChange(FileData owner, InodeNumber source, ulong sourceBlock, InodeNumber target, ulong targetBlock, ulong blockCount) : IVolumeChange
{
    private readonly FileData _owner = owner;
    private readonly InodeNumber _source = source;
    private readonly ulong _sourceBlock = sourceBlock;
    private readonly InodeNumber _target = target;
    private readonly ulong _targetBlock = targetBlock;
    private readonly ulong _wantedCount = blockCount;
    private InodeItem _before;

    /// <summary>How many blocks this change takes.</summary>
    public ulong BlockCount { get; private set; }

    /// <summary>True if the change could not go on because what lies behind the end of the target was not removed yet.</summary>
    public bool NeedsTruncation { get; private set; }

    /// <summary>True if the change could not go on because blocks of the source are in memory.</summary>
    public bool NeedsSource { get; private set; }

    /// <summary>True if the source has no such blocks any more, or keeps its bytes in its own item.</summary>
    public bool IsSourceGone { get; private set; }

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref VolumeView view = ref transaction.View;
        NeedsTruncation = false;
        NeedsSource = false;
        if (!FileData.FindRegular(ref view, _source, out InodeItem sourceItem)
            || !FileData.FindRegular(ref view, _target, out _before)
            || !view.RequireWritable(in _before, _targetBlock * WriteChunk.BlockSizeBytes)
            || !transaction.WillUpdate(_target)
            || !FileData.FindInline(ref view, _source, in sourceItem, out bool isSourceInline)
            || !FileData.FindInline(ref view, _target, in _before, out bool isTargetInline))
        {
            return false;
        }

        NeedsTruncation = _before.IsTruncationPending;
        NeedsSource = _owner.HoldsBlocks(_source, _sourceBlock, _sourceBlock + _wantedCount);
        IsSourceGone = isSourceInline || (_sourceBlock + _wantedCount) * WriteChunk.BlockSizeBytes > sourceItem.SizeBytes;
        return (!(NeedsTruncation || NeedsSource || IsSourceGone || isTargetInline) || view.Fail(Errno.EAGAIN))
            && FindCount(ref view)
            && new ExtentRemoval(_target, _targetBlock, _targetBlock + BlockCount).Prepare(ref transaction)
            && PrepareShares(ref transaction);
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        InodeItem after = _before;
        ulong removed = _owner.DropBlocks(_target, _targetBlock, _targetBlock + BlockCount);
        removed += new ExtentRemoval(_target, _targetBlock, _targetBlock + BlockCount).Apply(ref transaction, _owner);
        after.BlockCount = after.BlockCount + ApplyShares(ref transaction) - Math.Min(removed, after.BlockCount);
        after.SizeBytes = Math.Max(after.SizeBytes, (_targetBlock + BlockCount) * WriteChunk.BlockSizeBytes);
        after.SetChanged(transaction.Now);
        transaction.Update(_target, in _before, in after);
    }

    // So many that neither file has more extents there than a change takes.
    private bool FindCount(ref VolumeView view)
    {
        int maxWeight = view.Core.MaxExtentsPerChange;
        ulong sourceEnd = _sourceBlock + _wantedCount;
        if (!ExtentMap.Limit(ref view, _source, _sourceBlock, ref sourceEnd, Math.Max(1, maxWeight / ExtentMap.SharedExtentWeight)))
        {
            return false;
        }

        ulong targetEnd = _targetBlock + (sourceEnd - _sourceBlock);
        bool goesOn = ExtentMap.Limit(ref view, _target, _targetBlock, ref targetEnd, maxWeight);
        BlockCount = targetEnd - _targetBlock;
        return goesOn;
    }

    private readonly bool PrepareShares(ref VolumeTransaction transaction)
    {
        ulong block = _sourceBlock;
        while (block < _sourceBlock + BlockCount)
        {
            if (!FindExtent(ref transaction.View, block, out FileRange range))
            {
                return false;
            }

            int count = (int)Math.Min(range.BlockCount, ExtentItem.MaxWrittenBlocks);
            if (range.IsWritten
                && !(SharedRuns.Prepare(ref transaction, new BlockRun(range.Place, count), adds: true)
                    && transaction.WillPut(FileKey.Of(_source, ItemType.Extent, block), sizeof(ushort))
                    && transaction.WillPut(FileKey.Of(_target, ItemType.Extent, _targetBlock + (block - _sourceBlock)), ExtentItem.BytesFor(count))))
            {
                return false;
            }

            block = range.EndBlock;
        }

        return true;
    }

    private readonly ulong ApplyShares(ref VolumeTransaction transaction)
    {
        Span<byte> copy = stackalloc byte[ExtentItem.MaxBytes];
        Span<byte> value = stackalloc byte[ExtentItem.MaxBytes];
        ulong shared = 0;
        ulong block = _sourceBlock;
        while (block < _sourceBlock + BlockCount)
        {
            FindExtent(ref transaction.View, block, out FileRange range);
            if (range.IsWritten)
            {
                transaction.View.Core.Files.FindFloor(FileKey.Of(_source, ItemType.Extent, block), out TreeItem item, out _);
                item.Value.CopyTo(copy);
                TreeKey key = item.Key;
                ExtentItem.TryRead(copy[..item.Value.Length], out ExtentItem extent);
                MarkShared(ref transaction, key, extent.Flags);
                ulong skip = block - key.Sub();
                ExtentItem part = extent.Part((int)skip, (int)range.BlockCount).WithFlags(extent.Flags | ExtentFlags.MayBeShared);
                transaction.Put(FileKey.Of(_target, ItemType.Extent, _targetBlock + (block - _sourceBlock)), part.Write(value));
                SharedRuns.Add(ref transaction, new BlockRun(part.Block, part.BlockCount));
                shared += range.BlockCount;
            }

            block = range.EndBlock;
        }

        return shared;
    }

    private static void MarkShared(ref VolumeTransaction transaction, TreeKey key, ExtentFlags flags)
    {
        if ((flags & ExtentFlags.MayBeShared) != 0)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        ExtentItem.WriteFlags(flags | ExtentFlags.MayBeShared, bytes);
        transaction.Patch(key, ExtentItem.FlagsOffset, bytes);
    }

    private readonly bool FindExtent(ref VolumeView view, ulong block, out FileRange range)
    {
        TreeStatus status = ExtentMap.Find(view.Core.Files, _source, block, _sourceBlock + BlockCount, default, out range, out NodePointer cold);
        return view.Check(status, cold);
    }
}
