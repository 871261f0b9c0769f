using System.Runtime.CompilerServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>Space that is set aside before it is written.</content>
internal sealed partial class FileData
{
    private const int MaxAllocationBlocks = 1 << 15;
    private const int MaxRunsPerChange = 8;

    /// <summary>Sets blocks aside for the holes in a range of a file: they read as zeros, and writing them needs no more space for data.</summary>
    /// <param name="inode">A regular file.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">How long it is.</param>
    /// <param name="keepsSize">False to make the file reach to the end of the range.</param>
    /// <returns>EINVAL, EFBIG, ENOSPC, EISDIR, ENODEV, ESTALE, EIO.</returns>
    /// <remarks>
    /// <para>In pieces, each a change; the size changes with the last. What was set aside when an error ends it stays so.</para>
    /// <para>A write goes to the blocks that were set aside, in place: until the extent says that they are written, nobody reads there, and the log vouches for
    /// the bytes as for those in new blocks. So it needs no second space, which a full image would not have.</para>
    /// </remarks>
    public Errno Allocate(InodeNumber inode, ulong offsetBytes, ulong lengthBytes, bool keepsSize)
    {
        Errno error = CheckRange(offsetBytes, lengthBytes);
        error = error == Errno.None ? MoveInline(inode) : error;
        ulong endBytes = offsetBytes + lengthBytes;
        ulong block = offsetBytes / BlockSizeBytes;
        ulong endBlock = BlocksFor(endBytes);
        error = error == Errno.None ? PlaceFile(inode, block, endBlock) : error;
        int roomRounds = 0;
        while (error == Errno.None && block < endBlock)
        {
            var query = new HoleQuery(inode, block, endBlock);
            error = _core.Query(ref query);
            if (error == Errno.None)
            {
                block = query.NextBlock;
                error = query.Hole.BlockCount > 0 ? FillHole(inode, query.Hole, ref block, ref roomRounds) : Errno.None;
            }
        }

        return error == Errno.None ? SetAllocatedSize(inode, keepsSize ? 0 : endBytes) : error;
    }

    /// <summary>A range of a file as fallocate(2) takes it.</summary>
    /// <returns>EINVAL if it is empty, EFBIG if a file cannot be so long.</returns>
    public static Errno CheckRange(ulong offsetBytes, ulong lengthBytes)
    {
        if (lengthBytes == 0)
        {
            return Errno.EINVAL;
        }

        return offsetBytes > InodeItem.MaxSizeBytes || lengthBytes > InodeItem.MaxSizeBytes - offsetBytes ? Errno.EFBIG : Errno.None;
    }

    /// <summary>A regular file: EISDIR or ENODEV if it is something else.</summary>
    public static bool FindRegular(ref VolumeView view, InodeNumber inode, out InodeItem item) =>
        view.FindInode(inode, out item)
        && (item.Type == InodeType.Regular || view.Fail(item.IsDirectory ? Errno.EISDIR : Errno.ENODEV));

    /// <summary>Whether the bytes of a regular file are in its own item.</summary>
    public static bool FindInline(ref VolumeView view, InodeNumber inode, in InodeItem item, out bool isInline)
    {
        isInline = false;
        if (item.SizeBytes is 0 or > WriteChange.MaxInlineBytes)
        {
            return true;
        }

        return view.Find(FileKey.Of(inode, ItemType.Inline), out isInline, out ReadOnlySpan<byte> bytes)
            && (!isInline || (ulong)bytes.Length == item.SizeBytes || view.FailDamaged(inode));
    }

    private static ulong BlocksFor(ulong bytes) => (bytes + BlockSizeBytes - 1) / BlockSizeBytes;

    // Moves the bytes of a small file into a block.
    private Errno MoveInline(InodeNumber inode)
    {
        Errno error = ReserveBlocks(1);
        if (error != Errno.None)
        {
            return error;
        }

        var change = new MoveInlineChange(this, inode);
        do
        {
            error = _core.Change(ref change);
        }
        while (error == Errno.EAGAIN && (error = change.IsPaused ? WaitForPause() : MakeFreeChunks(1)) == Errno.None);

        _space.ReleaseReservation(1 - change.DirtiedBlockCount);
        return error;
    }

    // Takes blocks for the beginning of a hole; looks at the same place again if it changed meanwhile, or room had to be made.
    private Errno FillHole(InodeNumber inode, FileRange hole, ref ulong nextBlock, ref int roomRounds)
    {
        int wanted = (int)Math.Min(hole.BlockCount, MaxAllocationBlocks);
        Errno error = ReserveBlocks(wanted);
        if (error != Errno.None)
        {
            return error;
        }

        RunList runs = default;
        error = TakeRuns(inode, wanted, ref runs, out int runCount, out int taken);
        ReadOnlySpan<BlockRun> filled = ((ReadOnlySpan<BlockRun>)runs)[..runCount];
        if (error == Errno.None)
        {
            // Room is made once these blocks are given back.
            var change = new AllocateChange(this, inode, hole.FirstBlock, filled, 0);
            error = _core.Change(ref change, mayCommit: false);
        }

        if (error != Errno.None)
        {
            foreach (BlockRun run in filled)
            {
                _space.ReturnReserved(run);
            }

            taken = 0;
        }

        _space.ReleaseReservation(wanted - taken);
        nextBlock = hole.FirstBlock + (ulong)taken;
        return error == Errno.EAGAIN ? Settle(inode, hole)
            : error is Errno.EBUSY or Errno.ENOSPC && roomRounds++ < MaxPlaceRounds ? MakeRoomFor(error)
            : error;
    }

    private Errno TakeRuns(InodeNumber inode, int wanted, ref RunList runs, out int runCount, out int taken)
    {
        runCount = 0;
        taken = 0;
        while (taken < wanted && runCount < MaxRunsPerChange)
        {
            Errno error = _space.TakeReserved(AllocationStream.LargeData((uint)inode.Value), wanted - taken, mayWait: true, out BlockRun run);
            if (error != Errno.None)
            {
                return error;
            }

            runs[runCount++] = run;
            taken += run.BlockCount;
        }

        return Errno.None;
    }

    // Nothing of the hole is in memory then, or left of a truncation.
    private Errno Settle(InodeNumber inode, FileRange hole)
    {
        int sliceCount = int.MaxValue;
        Errno error = FinishTruncation(inode, ref sliceCount, out _);
        return error == Errno.None ? PlaceFile(inode, hole.FirstBlock, hole.EndBlock) : error;
    }

    private Errno SetAllocatedSize(InodeNumber inode, ulong sizeBytes)
    {
        var change = new AllocateChange(this, inode, 0, default, sizeBytes);
        Errno error;
        while ((error = _core.Change(ref change)) == Errno.EAGAIN)
        {
            int sliceCount = int.MaxValue;
            error = FinishTruncation(inode, ref sliceCount, out _);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return error;
    }

    [InlineArray(MaxRunsPerChange)]
    private struct RunList
    {
        private BlockRun _first;
    }
}
