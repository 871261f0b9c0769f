using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// How many extents have a block: counts references up when a run is shared and down when an extent gives it up (FORMAT.md section 4.7). Blocks in no
/// item of the tree have one reference; at none they are free.
/// </summary>
/// <remarks>
/// Stateless; used in both halves of a change, the volume's lock held exclusively. Ranges of one change may overlap, and then cut the items that each
/// other left: <see cref="Prepare"/> announces as much as that can come to.
/// </remarks>
internal static class SharedRuns
{
    /// <summary>Announces <see cref="Add"/> or <see cref="Drop"/>.</summary>
    /// <param name="transaction">The change.</param>
    /// <param name="run">The blocks.</param>
    /// <param name="adds">True for one reference more: EMLINK if a block would then have more than an item can say.</param>
    /// <returns>Whether to go on.</returns>
    public static bool Prepare(ref VolumeTransaction transaction, BlockRun run, bool adds)
    {
        int overlapCount = transaction.TakeSharedRange(run);
        int itemCount = 0;
        int changeCount = 0;
        ulong position = run.First.Value;
        while (position < run.End.Value)
        {
            if (!Find(ref transaction.View, position, run.End.Value, out ulong end, out SharedRunItem item))
            {
                return false;
            }

            changeCount += CountChanges(item, position, end);
            if (item.BlockCount != 0)
            {
                itemCount++;
                if (adds && item.ReferenceCount + (ulong)overlapCount >= uint.MaxValue)
                {
                    return transaction.View.Fail(Errno.EMLINK);
                }

                if (!transaction.WillMeet(item.Key, LogTree.SharedExtents))
                {
                    return false;
                }
            }

            position = end;
        }

        // A range of the same change that has blocks of this one may have cut an item here at each of its ends. Then this range meets no more items than it has blocks, as many
        // gaps and one more; an item that it meets goes and comes again, and leaves up to two ends that it does not cover.
        int pieceCount = Math.Min(run.BlockCount, itemCount + (2 * overlapCount));
        transaction.WillPutMore(LogTree.SharedExtents, overlapCount == 0 ? changeCount : (3 * pieceCount) + 3, SharedRunItem.EncodedBytes);
        transaction.WillLog((pieceCount + 1) * FileData.FreeRecordBytes);
        return transaction.WillMeet(new TreeKey(run.First.Value, 0), LogTree.SharedExtents)
            && transaction.WillMeet(new TreeKey(run.End.Value, 0), LogTree.SharedExtents);
    }

    /// <summary>One more extent has the run.</summary>
    public static void Add(ref VolumeTransaction transaction, BlockRun run) => Change(ref transaction, run, 1, null);

    /// <summary>One extent less has the run; blocks that none has are given back.</summary>
    public static void Drop(ref VolumeTransaction transaction, BlockRun run, FileData space) => Change(ref transaction, run, -1, space);

    private static void Change(ref VolumeTransaction transaction, BlockRun run, int difference, FileData? space)
    {
        ulong position = run.First.Value;
        while (position < run.End.Value)
        {
            if (!Find(ref transaction.View, position, run.End.Value, out ulong end, out SharedRunItem item))
            {
                throw new TreeDamagedException($"the references of {run}, which were looked at, cannot be found any more");
            }

            if (item.BlockCount != 0)
            {
                ChangeItem(ref transaction, item, position, end, difference);
            }
            else if (difference > 0)
            {
                Put(ref transaction, new SharedRunItem(position, end - position, SharedRunItem.MinReferences, transaction.View.Core.Store.Generation));
            }
            else
            {
                space!.FreeRun(ref transaction, new BlockRun(new BlockNumber(position), (int)(end - position)));
            }

            position = end;
        }
    }

    // Without an item, one is put at most. With one, it is changed where it is, or goes and comes again with what lies on both sides.
    private static int CountChanges(SharedRunItem item, ulong first, ulong end) =>
        item.BlockCount == 0 || (item.First == first && item.End == end) ? 1 : 2 + (item.First < first ? 1 : 0) + (end < item.End ? 1 : 0);

    // A part of an item gets another count; what lies on both sides keeps its own.
    private static void ChangeItem(ref VolumeTransaction transaction, SharedRunItem item, ulong first, ulong end, int difference)
    {
        SharedRunItem changed = item with { First = first, BlockCount = end - first, ReferenceCount = (uint)(item.ReferenceCount + difference) };
        bool stays = changed.ReferenceCount >= SharedRunItem.MinReferences;
        if (!stays || changed.Key != item.Key)
        {
            transaction.Delete(item.Key, LogTree.SharedExtents);
        }

        if (item.First < first)
        {
            Put(ref transaction, item with { BlockCount = first - item.First });
        }

        if (stays)
        {
            Put(ref transaction, changed);
        }

        if (end < item.End)
        {
            Put(ref transaction, item with { First = end, BlockCount = item.End - end });
        }
    }

    private static void Put(ref VolumeTransaction transaction, SharedRunItem item) =>
        transaction.Put(item.Key, item.Write(stackalloc byte[SharedRunItem.EncodedBytes]), LogTree.SharedExtents);

    // The item that has a block, and how far it goes; or the end of the blocks from there on that none has.
    private static bool Find(ref VolumeView view, ulong block, ulong limit, out ulong end, out SharedRunItem item)
    {
        end = limit;
        item = default;
        Tree tree = view.Core.SharedExtents;
        TreeStatus status = tree.FindFloor(new TreeKey(block, ulong.MaxValue), out TreeItem found, out NodePointer cold);
        if (status == TreeStatus.Ok)
        {
            if (!SharedRunItem.TryRead(in found, out item))
            {
                return view.FailDamaged(InodeNumber.None);
            }

            if (item.End > block)
            {
                end = Math.Min(end, item.End);
                return true;
            }
        }

        item = default;
        if (!view.Check(status, cold))
        {
            return false;
        }

        status = tree.FindCeiling(new TreeKey(block, ulong.MaxValue), out found, out cold);
        end = status == TreeStatus.Ok ? Math.Min(limit, found.Key.High) : limit;
        return view.Check(status, cold);
    }
}
