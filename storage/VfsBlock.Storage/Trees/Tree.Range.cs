namespace VfsBlock.Storage;

/// <content>Ranges of keys.</content>
public sealed unsafe partial class Tree
{
    /// <summary>
    /// Makes sure that the nodes which <see cref="DeleteRange"/> with the same arguments needs are in memory: until the lock is let go or the range is
    /// changed, it answers neither Cold nor Damaged.
    /// </summary>
    /// <param name="first">The lowest key of the range.</param>
    /// <param name="last">The highest key of the range, which belongs to it.</param>
    /// <param name="maxCount">The most items to delete, 1 or more.</param>
    /// <param name="itemCount">How many it will delete.</param>
    /// <param name="leafCount">In how many leaves they lie: what to ask <see cref="WorstCaseNodeCount"/> for.</param>
    /// <param name="cold">The node to load, or the damaged one; none for the other answers.</param>
    /// <returns>Ok, NotFound if the range is empty, Cold or Damaged.</returns>
    public TreeStatus TouchRange(TreeKey first, TreeKey last, int maxCount, out int itemCount, out int leafCount, out NodePointer cold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        itemCount = 0;
        leafCount = 0;
        TreeKey place = first;
        while (true)
        {
            TreeStatus status = Descend(place, out TreePath path, out cold);
            if (status != TreeStatus.Ok)
            {
                return status;
            }

            int count = CountInRange(path.Leaf, first, last, out _);
            itemCount += count;
            leafCount += count > 0 ? 1 : 0;
            if (itemCount >= maxCount || !path.HasUpper || path.Upper > last)
            {
                itemCount = Math.Min(itemCount, maxCount);
                return itemCount > 0 ? TreeStatus.Ok : TreeStatus.NotFound;
            }

            place = path.Upper;
        }
    }

    /// <summary>Removes the first items of a range.</summary>
    /// <param name="first">The lowest key of the range.</param>
    /// <param name="last">The highest key of the range, which belongs to it.</param>
    /// <param name="maxCount">The most items to delete, 1 or more.</param>
    /// <param name="deletedCount">How many went.</param>
    /// <param name="cold">The node to load, or the damaged one; none for the other answers.</param>
    /// <returns>Ok, NotFound if the range is empty, Cold or Damaged.</returns>
    public TreeStatus DeleteRange(TreeKey first, TreeKey last, int maxCount, out int deletedCount, out NodePointer cold)
    {
        deletedCount = 0;
        TreeStatus status = TouchRange(first, last, maxCount, out int itemCount, out _, out cold);
        TreeKey place = first;
        while (status == TreeStatus.Ok && deletedCount < itemCount)
        {
            status = Descend(place, out TreePath path, out cold);
            if (status != TreeStatus.Ok)
            {
                throw new TreeDamagedException($"Tree {Id} lost a node that it had touched: {cold}.");
            }

            int count = Math.Min(CountInRange(path.Leaf, first, last, out int index), itemCount - deletedCount);
            place = path.HasUpper ? path.Upper : place;
            if (count > 0)
            {
                MakeOwn(ref path);
                path.Leaf.Remove(index, count);
                Shrink(ref path);
                deletedCount += count;
            }
        }

        DropEmptied();
        return status;
    }

    private static int CountInRange(LeafNode leaf, TreeKey first, TreeKey last, out int index)
    {
        index = leaf.TryFind(first, out int floor) ? floor : floor + 1;
        return Math.Max(0, leaf.FloorIndex(last) + 1 - index);
    }
}
