using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>The next data, or the next hole, of a file, as lseek(2) understands them.</summary>
/// <remarks>What is in memory is data, also where an extent is unwritten; an unwritten extent is a hole; the end of the file is one.</remarks>
/// <param name="owner">Whose write buffer may hold blocks of the file.</param>
/// <param name="inode">A regular file.</param>
/// <param name="offsetBytes">Where to begin.</param>
/// <param name="wantsData">True for data, false for a hole.</param>
internal struct SeekQuery(FileData owner, InodeNumber inode, ulong offsetBytes, bool wantsData) : IVolumeQuery
{
    // Other requests get their turn between so many extents.
    private const int MaxStepCount = 256;
    private const int BlockSizeBytes = WriteChunk.BlockSizeBytes;

    private readonly FileData _owner = owner;
    private readonly InodeNumber _inode = inode;
    private readonly bool _wantsData = wantsData;

    /// <summary>Where the search ended: the answer if <see cref="IsDone"/>, otherwise where to go on.</summary>
    public ulong OffsetBytes { get; private set; } = offsetBytes;

    /// <summary>True if the search came to an end.</summary>
    public bool IsDone { get; private set; }

    /// <inheritdoc/>
    public bool Run(ref VolumeView view)
    {
        if (!FileData.FindRegular(ref view, _inode, out InodeItem item))
        {
            return false;
        }

        if (OffsetBytes >= item.SizeBytes)
        {
            return view.Fail(Errno.ENXIO);
        }

        if (!FileData.FindInline(ref view, _inode, in item, out bool isInline))
        {
            return false;
        }

        if (isInline)
        {
            return End(_wantsData ? OffsetBytes : item.SizeBytes);
        }

        ulong endBlock = (item.SizeBytes + BlockSizeBytes - 1) / BlockSizeBytes;
        ulong block = OffsetBytes / BlockSizeBytes;
        for (int step = 0; step < MaxStepCount && block < endBlock; step++)
        {
            if (!FindPiece(ref view, block, endBlock, out bool isData, out ulong pieceEnd))
            {
                return false;
            }

            if (isData == _wantsData)
            {
                return End(Math.Max(OffsetBytes, block * BlockSizeBytes));
            }

            block = pieceEnd;
        }

        if (block < endBlock)
        {
            OffsetBytes = block * BlockSizeBytes;
            return true;
        }

        return _wantsData ? view.Fail(Errno.ENXIO) : End(item.SizeBytes);
    }

    private bool End(ulong offsetBytes)
    {
        OffsetBytes = offsetBytes;
        IsDone = true;
        return true;
    }

    // Blocks that are all data or all not.
    private readonly bool FindPiece(ref VolumeView view, ulong block, ulong endBlock, out bool isData, out ulong pieceEnd)
    {
        isData = !_owner.Buffer.FindBlock(_inode, block).IsEmpty;
        pieceEnd = block + 1;
        if (isData)
        {
            return true;
        }

        TreeStatus status = ExtentMap.Find(view.Core.Files, _inode, block, endBlock, default, out FileRange range, out NodePointer cold);
        isData = range.IsWritten;

        // Blocks in memory are data too: they end a hole.
        pieceEnd = isData ? range.EndBlock : Math.Min(range.EndBlock, _owner.NextHeldBlock(_inode, block));
        return view.Check(status, cold);
    }
}
