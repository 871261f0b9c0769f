namespace VfsBlock.Storage;

/// <content>Splits.</content>
public sealed unsafe partial class Tree
{
    /// <summary>Inserts an item into a full leaf by dividing it in two.</summary>
    private void SplitLeaf(ref TreePath path, int index, TreeKey key, ReadOnlySpan<byte> value)
    {
        LeafNode left = path.Leaf;
        int splitIndex = ChooseSplit(left, index, LeafSlot.SizeBytes + value.Length, out bool isNewLeft);
        var right = new LeafNode(Allocate(0, out NodePointer rightPointer));
        left.MoveTailTo(right, splitIndex);
        bool isStored = isNewLeft ? left.TryInsert(index, key, value) : right.TryInsert(index - splitIndex, key, value);
        if (!isStored)
        {
            throw new InvalidOperationException("A split leaf has no room for an item that half a leaf must hold.");
        }

        InsertChild(ref path, 1, right.KeyAt(0), rightPointer);
    }

    /// <summary>
    /// Where to divide: in the middle, by bytes; but keys that come in ascending or descending order leave full leaves behind, at the ends of a leaf and, if they
    /// ascend, anywhere in it.
    /// </summary>
    /// <returns>The first old item that moves to the right.</returns>
    private static int ChooseSplit(LeafNode leaf, int index, int newBytes, out bool isNewLeft)
    {
        int count = leaf.Count;
        isNewLeft = index == 0;
        if (index == 0 || index == count)
        {
            return index;
        }

        if (index == leaf.InsertHint)
        {
            int frontBytes = newBytes;
            for (int i = 0; i < index; i++)
            {
                frontBytes += leaf.ItemBytes(i);
            }

            isNewLeft = frontBytes <= NodeFormat.CapacityBytes;
            return index;
        }

        int halfBytes = (leaf.UsedBytes + newBytes) / 2;
        int leftBytes = 0;
        for (int i = 0; i < count; i++)
        {
            if (i == index)
            {
                leftBytes += newBytes;
                if (leftBytes >= halfBytes)
                {
                    isNewLeft = true;
                    return i;
                }
            }

            leftBytes += leaf.ItemBytes(i);
            if (leftBytes >= halfBytes)
            {
                isNewLeft = index <= i;
                return i + 1;
            }
        }

        throw new InvalidOperationException("A leaf's items are less than the half of themselves.");
    }

    /// <summary>Puts a new node behind the path's child at <paramref name="level"/>, and divides what is full up to the root.</summary>
    private void InsertChild(ref TreePath path, int level, TreeKey key, NodePointer pointer)
    {
        for (; level <= path.RootLevel; level++)
        {
            InnerNode inner = path.InnerAt(level);
            int index = path.IndexAt(level) + 1;
            if (!inner.IsFull)
            {
                inner.Insert(index, key, pointer);
                return;
            }

            int count = inner.Count;
            int splitIndex = index == count ? count : count / 2;
            var right = new InnerNode(Allocate(level, out NodePointer rightPointer));
            inner.MoveTailTo(right, splitIndex);
            if (index < splitIndex)
            {
                inner.Insert(index, key, pointer);
            }
            else
            {
                right.Insert(index - splitIndex, key, pointer);
            }

            key = right.KeyAt(0);
            pointer = rightPointer;
        }

        GrowRoot(level, key, pointer);
    }

    private void GrowRoot(int level, TreeKey key, NodePointer second)
    {
        if (level > NodeFormat.MaxLevel)
        {
            throw new InvalidOperationException($"Tree {Id} needs a level {level}, {NodeFormat.MaxLevel} is the highest.");
        }

        NodePointer first = _root;
        var root = new InnerNode(PlantRoot(level));
        root.Insert(0, TreeKey.Min, first);
        root.Insert(1, key, second);
    }
}
