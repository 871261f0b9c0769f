using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>The last items of an inode that is deleted, from the end; its attributes are the very first. Used in both halves of a change.</summary>
/// <remarks>Lives on the stack of a change, the volume's lock held exclusively.</remarks>
internal struct DoomedItems
{
    /// <summary>How much work one change is at most.</summary>
    public const int MaxWeight = KeyList.Capacity;

    private KeyList _keys;
    private int _count;

    /// <summary>True if these are all that the inode has, attributes included.</summary>
    public bool AreAll { get; private set; }

    /// <summary>Finds the items, and announces that they go.</summary>
    /// <param name="transaction">The change.</param>
    /// <param name="inode">Whose.</param>
    /// <param name="maxWeight">How much work it may be: an item is 1, and one whose blocks are shared is more.</param>
    /// <returns>Whether to go on.</returns>
    public bool Collect(ref VolumeTransaction transaction, InodeNumber inode, int maxWeight) =>
        Collect(ref transaction, inode, maxWeight, isAllOrNothing: false);

    /// <summary>As <see cref="Collect(ref VolumeTransaction, InodeNumber, int)"/>, but only as long as nothing of it is damaged or shared: see <see cref="AreAll"/>.</summary>
    public bool CollectAll(ref VolumeTransaction transaction, InodeNumber inode, int maxWeight) =>
        Collect(ref transaction, inode, maxWeight, isAllOrNothing: true);

    /// <summary>Deletes them, and gives back what they name.</summary>
    public readonly void Delete(ref VolumeTransaction transaction, InodeNumber inode)
    {
        VolumeCore core = transaction.View.Core;
        core.Data.Forget(inode);
        for (int index = 0; index < _count; index++)
        {
            TreeKey key = _keys[index];
            if (key.Type() == ItemType.Extent && transaction.View.Find(key, out _, out ReadOnlySpan<byte> value)
                && ExtentItem.TryRead(value, out ExtentItem extent))
            {
                core.Data.Release(ref transaction, inode, extent);
            }

            transaction.Delete(key);
        }

        core.InodeCount -= AreAll ? 1UL : 0;
    }

    private bool Collect(ref VolumeTransaction transaction, InodeNumber inode, int maxWeight, bool isAllOrNothing)
    {
        _count = 0;
        AreAll = false;
        int weight = 0;
        var cursor = new TreeCursor(transaction.View.Core.Files);
        TreeStatus status = cursor.SeekFloor(new TreeKey(inode.Value, ulong.MaxValue));
        while (status == TreeStatus.Ok && cursor.Key.High == inode.Value && weight < maxWeight)
        {
            TreeKey key = cursor.Key;
            weight++;
            if (isAllOrNothing && !IsSimple(key, cursor.Value))
            {
                return true;
            }

            if (key.Type() == ItemType.Extent && !PrepareExtent(ref transaction, inode, cursor.Value, ref weight))
            {
                return false;
            }

            if (!transaction.WillPutInRow(key, 0, cursor.Value.Length))
            {
                return false;
            }

            _keys[_count++] = key;
            AreAll = key.Type() == ItemType.Inode;
            status = cursor.MovePrevious();
        }

        return transaction.View.Check(status, cursor.Cold);
    }

    private static bool IsSimple(TreeKey key, ReadOnlySpan<byte> value) =>
        key.Type() != ItemType.Extent || (ExtentItem.TryRead(value, out ExtentItem extent) && (extent.Flags & ExtentFlags.MayBeShared) == 0);

    private static bool PrepareExtent(ref VolumeTransaction transaction, InodeNumber inode, ReadOnlySpan<byte> value, ref int weight)
    {
        if (!ExtentItem.TryRead(value, out ExtentItem extent))
        {
            return transaction.View.FailDamaged(inode);
        }

        weight += (extent.Flags & ExtentFlags.MayBeShared) != 0 ? ExtentMap.SharedExtentWeight : 0;
        return transaction.View.Core.Data.PrepareRelease(ref transaction, inode, extent);
    }

    [InlineArray(Capacity)]
    private struct KeyList
    {
        public const int Capacity = 32;

        private TreeKey _first;
    }
}
