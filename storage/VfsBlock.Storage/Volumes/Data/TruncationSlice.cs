using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Removes some of the extents that lie behind the end of a file since it became shorter, and with the last of them what remembers that they are there.</summary>
/// <remarks>Lives on the stack. Answers ESTALE if the file has none or is gone. Nobody reads such extents, so it may happen at any time, before the file grows.</remarks>
/// <param name="owner">Where the blocks go.</param>
/// <param name="inode">The file.</param>
internal ref struct TruncationSlice(FileData owner, InodeNumber inode) : IFreeingChange
{
    private readonly FileData _owner = owner;
    private readonly InodeNumber _inode = inode;
    private InodeItem _before;
    private ulong _removalEnd;

    /// <summary>True once nothing is left. Only what was applied may say so.</summary>
    public bool IsLast { get; private set; }

    private readonly ulong FirstBlock => (_before.SizeBytes + WriteChunk.BlockSizeBytes - 1) / WriteChunk.BlockSizeBytes;

    private readonly bool ReachesEnd => _removalEnd == ExtentMap.EndBlock;

    private readonly bool DropsOrphan => ReachesEnd && _before.LinkCount > 0;

    /// <inheritdoc/>
    public int MaxExtents { get; set; } = owner.MaxExtentsPerChange;

    /// <inheritdoc/>
    public bool Prepare(ref VolumeTransaction transaction)
    {
        ref VolumeView view = ref transaction.View;
        _removalEnd = ExtentMap.EndBlock;
        if (!view.FindInode(_inode, out _before)
            || (!_before.IsTruncationPending && !view.Fail(Errno.ESTALE))
            || !ExtentMap.Limit(ref view, _inode, FirstBlock, ref _removalEnd, MaxExtents))
        {
            return false;
        }

        var removal = new ExtentRemoval(_inode, FirstBlock, _removalEnd);
        return removal.Prepare(ref transaction)
            && transaction.WillUpdate(_inode)
            && (!DropsOrphan || transaction.WillDelete(FileKey.Orphan(_inode)));
    }

    /// <inheritdoc/>
    public void Apply(ref VolumeTransaction transaction)
    {
        var removal = new ExtentRemoval(_inode, FirstBlock, _removalEnd);
        InodeItem after = _before;
        after.BlockCount -= Math.Min(removal.Apply(ref transaction, _owner), after.BlockCount);
        after.IsTruncationPending = !ReachesEnd;
        transaction.Update(_inode, in _before, in after);
        if (DropsOrphan)
        {
            transaction.Delete(FileKey.Orphan(_inode));
        }

        IsLast = ReachesEnd;
    }
}
