namespace VfsBlock.Storage;

/// <summary>The next blocks of a range of a file that no extent covers.</summary>
/// <param name="inode">A regular file.</param>
/// <param name="firstBlock">Where to begin.</param>
/// <param name="endBlock">Where to stop.</param>
internal struct HoleQuery(InodeNumber inode, ulong firstBlock, ulong endBlock) : IVolumeQuery
{
    // Other requests get their turn between so many extents.
    private const int MaxStepCount = 256;

    private readonly InodeNumber _inode = inode;
    private readonly ulong _endBlock = endBlock;
    private readonly ulong _firstBlock = firstBlock;

    /// <summary>The hole; without blocks if none was found so far.</summary>
    public FileRange Hole { get; private set; }

    /// <summary>Where to go on looking.</summary>
    public ulong NextBlock { get; private set; }

    /// <inheritdoc/>
    public bool Run(ref VolumeView view)
    {
        Hole = default;
        NextBlock = _firstBlock;
        if (!FileData.FindRegular(ref view, _inode, out _))
        {
            return false;
        }

        for (int step = 0; step < MaxStepCount && NextBlock < _endBlock; step++)
        {
            TreeStatus status = ExtentMap.Find(view.Core.Files, _inode, NextBlock, _endBlock, default, out FileRange range, out NodePointer cold);
            if (!view.Check(status, cold))
            {
                return false;
            }

            NextBlock = range.EndBlock;
            if (range.Place.IsNone)
            {
                Hole = range;
                break;
            }
        }

        return true;
    }
}
