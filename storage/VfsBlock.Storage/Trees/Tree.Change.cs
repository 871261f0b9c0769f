namespace VfsBlock.Storage;

/// <content>Changes: copy the path, then change the leaf.</content>
public sealed unsafe partial class Tree
{
    /// <summary>Inserts an item, or replaces its value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">At most <see cref="NodeFormat.MaxValueBytes"/> bytes; must not lie in a node of this tree.</param>
    /// <param name="cold">The node to load, or the damaged one; none for the other answers.</param>
    /// <returns>Ok, Cold or Damaged.</returns>
    public TreeStatus Put(TreeKey key, ReadOnlySpan<byte> value, out NodePointer cold)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, NodeFormat.MaxValueBytes, nameof(value));
        if (_root.IsNone)
        {
            cold = default;
            new LeafNode(PlantRoot(0)).TryInsert(0, key, value);
            return TreeStatus.Ok;
        }

        TreeStatus status = Descend(key, out TreePath path, out cold);
        if (status != TreeStatus.Ok)
        {
            return status;
        }

        if (path.RootLevel == NodeFormat.MaxLevel)
        {
            // It may have to grow, and cannot.
            cold = _root;
            return TreeStatus.Damaged;
        }

        if (path.Leaf.Holds(value))
        {
            throw new ArgumentException("The value lies in the node that it goes to, which moves it. Copy it first.", nameof(value));
        }

        MakeOwn(ref path);
        LeafNode leaf = path.Leaf;
        if (leaf.TryFind(key, out int index))
        {
            if (leaf.TryReplace(index, value))
            {
                return TreeStatus.Ok;
            }

            leaf.Remove(index, 1);
        }
        else
        {
            index++;
        }

        if (!leaf.TryInsert(index, key, value))
        {
            SplitLeaf(ref path, index, key, value);
        }

        return TreeStatus.Ok;
    }

    /// <summary>Overwrites a part of a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="offsetBytes">Where in the value.</param>
    /// <param name="bytes">What; the value does not become longer.</param>
    /// <param name="cold">The node to load, or the damaged one; none for the other answers.</param>
    /// <returns>Ok, NotFound, Cold or Damaged.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the value.</exception>
    public TreeStatus Patch(TreeKey key, int offsetBytes, ReadOnlySpan<byte> bytes, out NodePointer cold)
    {
        TreeStatus status = DescendTo(key, out TreePath path, out int index, out cold);
        if (status != TreeStatus.Ok)
        {
            return status;
        }

        int valueBytes = path.Leaf.ValueAt(index).Length;
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offsetBytes + bytes.Length, valueBytes, nameof(offsetBytes));
        MakeOwn(ref path);
        bytes.CopyTo(path.Leaf.ValueAt(index)[offsetBytes..]);
        return TreeStatus.Ok;
    }

    /// <summary>Removes an item. End the change that it belongs to with <see cref="DropEmptied"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cold">The node to load, or the damaged one; none for the other answers.</param>
    /// <returns>Ok, NotFound, Cold or Damaged.</returns>
    public TreeStatus Delete(TreeKey key, out NodePointer cold)
    {
        TreeStatus status = DescendTo(key, out TreePath path, out int index, out cold);
        if (status != TreeStatus.Ok)
        {
            return status;
        }

        MakeOwn(ref path);
        path.Leaf.Remove(index, 1);
        Shrink(ref path);
        return TreeStatus.Ok;
    }

    /// <summary>The way to an item that exists.</summary>
    private TreeStatus DescendTo(TreeKey key, out TreePath path, out int index, out NodePointer cold)
    {
        index = -1;
        TreeStatus status = Descend(key, out path, out cold);
        return status == TreeStatus.Ok && !path.Leaf.TryFind(key, out index) ? TreeStatus.NotFound : status;
    }

    /// <summary>True if a node may be changed where it is: it is of the open generation, and was not sealed to be written ahead of the commit.</summary>
    private static bool IsOpen(NodeHeader* header, ulong generation) => header->Generation == generation && header->Checksum == 0;

    /// <summary>Puts copies in the place of those nodes of the path that may not be changed.</summary>
    private void MakeOwn(ref TreePath path)
    {
        ulong generation = _store.Generation;
        for (int level = path.RootLevel; level >= 0; level--)
        {
            byte* node = path.NodeAt(level);
            if (IsOpen(NodeFormat.Header(node), generation))
            {
                continue;
            }

            byte* copy = AllocateNode(out BlockNumber block);
            var fresh = new NodePointer(block, generation, 0);
            if (level > 0)
            {
                new InnerNode(node).CopyTo(copy);
            }
            else
            {
                new LeafNode(node).CopyTo(copy);
            }

            NodeHeader* header = NodeFormat.Header(copy);
            header->Block = block.Value;
            header->Generation = generation;
            header->TreeId = Id;
            header->Checksum = 0;
            path.SetNode(level, copy);
            FreeNode(Redirect(path, level, fresh));
        }
    }

    /// <summary>Makes the parent of a path's node, or the root pointer, point elsewhere.</summary>
    /// <returns>Where it pointed before.</returns>
    private NodePointer Redirect(in TreePath path, int level, in NodePointer target)
    {
        NodePointer before;
        if (level == path.RootLevel)
        {
            before = _root;
            _root = target;
        }
        else
        {
            InnerNode parent = path.InnerAt(level + 1);
            int index = path.IndexAt(level + 1);
            before = parent.PointerAt(index);
            parent.SetPointer(index, target);
        }

        return before;
    }

    /// <summary>A new, empty node.</summary>
    private byte* Allocate(int level, out NodePointer pointer)
    {
        byte* node = AllocateNode(out BlockNumber block);
        pointer = new NodePointer(block, _store.Generation, 0);
        NodeFormat.Initialize(node, _store.ImageId, pointer, Id, level);
        return node;
    }

    /// <summary>Makes a new node the root.</summary>
    private byte* PlantRoot(int level)
    {
        byte* root = Allocate(level, out NodePointer pointer);
        _root = pointer;
        return root;
    }
}
