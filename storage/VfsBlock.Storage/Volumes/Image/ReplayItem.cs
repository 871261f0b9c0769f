namespace VfsBlock.Storage;

/// <summary>A change of an item that a log asks for. Sorts by tree and key; changes of one item stay in the order of the log.</summary>
/// <param name="Key">The item.</param>
/// <param name="Order">How many came before.</param>
/// <param name="ValueStart">Where <see cref="ReplayWindow"/> has the value.</param>
/// <param name="ValueBytes">Its length.</param>
/// <param name="OffsetBytes">Where a patch goes.</param>
/// <param name="Kind">Put, delete or patch.</param>
/// <param name="Tree">The tree.</param>
internal readonly record struct ReplayItem(
    TreeKey Key, int Order, int ValueStart, ushort ValueBytes, ushort OffsetBytes, LogRecordKind Kind, LogTree Tree) : IComparable<ReplayItem>
{
    /// <inheritdoc/>
    public int CompareTo(ReplayItem other)
    {
        if (Tree != other.Tree)
        {
            return Tree < other.Tree ? -1 : 1;
        }

        int byKey = Key.CompareTo(other.Key);
        return byKey != 0 ? byKey : Order.CompareTo(other.Order);
    }
}
