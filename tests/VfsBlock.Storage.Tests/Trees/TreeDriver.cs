using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>Does what a caller of a tree does: reserve, try, load what is cold, start again.</summary>
internal sealed class TreeDriver(INodeStore store, Tree tree)
{
    public Tree Tree => tree;

    /// <summary>How often an operation had to start again.</summary>
    public int RestartCount { get; private set; }

    public void Put(TreeKey key, ReadOnlySpan<byte> value)
    {
        do
        {
            Reserve(1);
        }
        while (IsCold(tree.Put(key, value, out NodePointer cold), cold));
    }

    public bool Delete(TreeKey key)
    {
        TreeStatus status;
        do
        {
            Reserve(1);
            status = tree.Delete(key, out NodePointer cold);
            if (!IsCold(status, cold))
            {
                tree.DropEmptied();
                return status == TreeStatus.Ok;
            }
        }
        while (true);
    }

    public bool Patch(TreeKey key, int offsetBytes, ReadOnlySpan<byte> bytes)
    {
        TreeStatus status;
        do
        {
            Reserve(1);
            status = tree.Patch(key, offsetBytes, bytes, out NodePointer cold);
            if (!IsCold(status, cold))
            {
                return status == TreeStatus.Ok;
            }
        }
        while (true);
    }

    public int DeleteRange(TreeKey first, TreeKey last, int maxCount)
    {
        while (true)
        {
            TreeStatus status = tree.TouchRange(first, last, maxCount, out int itemCount, out int leafCount, out NodePointer cold);
            if (!IsCold(status, cold))
            {
                Reserve(leafCount);
                Assert.Equal(status, tree.DeleteRange(first, last, maxCount, out int deletedCount, out _));
                Assert.Equal(itemCount, deletedCount);
                return deletedCount;
            }
        }
    }

    public byte[]? Find(TreeKey key)
    {
        while (true)
        {
            TreeStatus status = tree.Find(key, out ReadOnlySpan<byte> value, out NodePointer cold);
            if (!IsCold(status, cold))
            {
                return status == TreeStatus.Ok ? value.ToArray() : null;
            }
        }
    }

    public KeyValuePair<TreeKey, byte[]>? Floor(TreeKey key)
    {
        while (true)
        {
            TreeStatus status = tree.FindFloor(key, out TreeItem item, out NodePointer cold);
            if (!IsCold(status, cold))
            {
                return status == TreeStatus.Ok ? new(item.Key, item.Value.ToArray()) : null;
            }
        }
    }

    public KeyValuePair<TreeKey, byte[]>? Ceiling(TreeKey key)
    {
        while (true)
        {
            TreeStatus status = tree.FindCeiling(key, out TreeItem item, out NodePointer cold);
            if (!IsCold(status, cold))
            {
                return status == TreeStatus.Ok ? new(item.Key, item.Value.ToArray()) : null;
            }
        }
    }

    /// <summary>Every item, in ascending order.</summary>
    public List<KeyValuePair<TreeKey, byte[]>> ReadForward()
    {
        List<KeyValuePair<TreeKey, byte[]>> items = [];
        TreeKey start = TreeKey.Min;
        bool isFirst = true;
        while (true)
        {
            var cursor = new TreeCursor(tree);
            TreeStatus status = cursor.SeekCeiling(start);
            if (status == TreeStatus.Ok && !isFirst)
            {
                Assert.Equal(start, cursor.Key);
                status = cursor.MoveNext();
            }

            for (; status == TreeStatus.Ok; status = cursor.MoveNext())
            {
                items.Add(new(cursor.Key, cursor.Value.ToArray()));
                start = cursor.Key;
                isFirst = false;
            }

            if (!IsCold(status, cursor.Cold))
            {
                return items;
            }
        }
    }

    /// <summary>Every item, in descending order.</summary>
    public List<KeyValuePair<TreeKey, byte[]>> ReadBackward()
    {
        List<KeyValuePair<TreeKey, byte[]>> items = [];
        TreeKey start = TreeKey.Max;
        while (true)
        {
            var cursor = new TreeCursor(tree);
            TreeStatus status = cursor.SeekFloor(start);
            if (status == TreeStatus.Ok && items.Count > 0)
            {
                Assert.Equal(start, cursor.Key);
                status = cursor.MovePrevious();
            }

            for (; status == TreeStatus.Ok; status = cursor.MovePrevious())
            {
                items.Add(new(cursor.Key, cursor.Value.ToArray()));
                start = cursor.Key;
            }

            if (!IsCold(status, cursor.Cold))
            {
                return items;
            }
        }
    }

    private void Reserve(int changeCount) => Assert.Equal(Errno.None, store.Reserve(tree.WorstCaseNodeCount(changeCount)));

    private bool IsCold(TreeStatus status, in NodePointer cold)
    {
        Assert.NotEqual(TreeStatus.Damaged, status);
        if (status != TreeStatus.Cold)
        {
            Assert.True(cold.IsNone);
            return false;
        }

        RestartCount++;
        Assert.Equal(Errno.None, store.Load(cold));
        return true;
    }
}
