namespace VfsBlock.Storage;

/// <content>Merges.</content>
public sealed unsafe partial class Tree
{
    // Leaves that lost their last item while nobody in memory could take their range over; by a key of that range.
    private readonly List<TreeKey> _emptied = [];

    /// <summary>True if empty leaves wait for <see cref="DropEmptied"/>. They must not be sealed.</summary>
    public bool HasEmptied => _emptied.Count > 0;

    /// <summary>
    /// Ends a change of several items: drops the leaves that it left empty. Not before, since the items that follow may belong there, and the neighbour that takes
    /// the range over need not be in memory.
    /// </summary>
    public void DropEmptied()
    {
        for (int index = 0; index < _emptied.Count; index++)
        {
            if (Descend(_emptied[index], out TreePath path, out _) == TreeStatus.Ok && NodeFormat.Header(path.NodeAt(0))->Count == 0)
            {
                Shrink(ref path, isLast: true);
            }
        }

        _emptied.Clear();
    }

    /// <summary>After items left the path's leaf: drops empty nodes, merges small ones with a neighbour, lowers the root.</summary>
    /// <param name="path">The way to the leaf.</param>
    /// <param name="isLast">True if no change of the path's keys follows for which their new leaf would have to be in memory.</param>
    private void Shrink(ref TreePath path, bool isLast = false)
    {
        for (int level = 0; level < path.RootLevel; level++)
        {
            InnerNode parent = path.InnerAt(level + 1);
            int index = path.IndexAt(level + 1);
            if (NodeFormat.Header(path.NodeAt(level))->Count == 0)
            {
                if (!isLast && !HasTakerInMemory(parent, index))
                {
                    _emptied.Add(path.Lower);
                    return;
                }

                FreeNode(parent.PointerAt(index));
                parent.Remove(index);
            }
            else if (!TryMerge(path, level, parent, index))
            {
                return;
            }
        }

        LowerRoot(path.NodeAt(path.RootLevel));
    }

    /// <summary>True if the node that takes the range of a dropped one over is there to be changed.</summary>
    private bool HasTakerInMemory(InnerNode parent, int index) =>
        parent.Count > 1 && _store.Find(parent.PointerAt(index > 0 ? index - 1 : 1)) != null;

    private void LowerRoot(byte* root)
    {
        NodeHeader* header = NodeFormat.Header(root);
        while (header->Level > 0 && header->Count == 1)
        {
            NodePointer old = _root;
            _root = new InnerNode((byte*)header).PointerAt(0);
            FreeNode(old);
            header = (NodeHeader*)_store.Find(_root);
            if (header == null)
            {
                return;
            }
        }

        if (header->Count == 0)
        {
            FreeNode(_root);
            _root = NodePointer.None;
        }
    }

    /// <summary>Takes a neighbour's content over if both are small and the neighbour happens to be in memory.</summary>
    private bool TryMerge(in TreePath path, int level, InnerNode parent, int index)
    {
        byte* node = path.NodeAt(level);
        bool isUnderfull = level == 0 ? new LeafNode(node).IsUnderfull : new InnerNode(node).IsUnderfull;
        if (!isUnderfull)
        {
            return false;
        }

        return (index + 1 < parent.Count && TryAbsorb(node, level, parent, index + 1, isBefore: false))
            || (index > 0 && TryAbsorb(node, level, parent, index - 1, isBefore: true));
    }

    private bool TryAbsorb(byte* node, int level, InnerNode parent, int neighbourIndex, bool isBefore)
    {
        NodePointer pointer = parent.PointerAt(neighbourIndex);
        byte* neighbour = _store.Find(pointer);
        if (neighbour == null || NodeFormat.Header(neighbour)->Level != level)
        {
            return false;
        }

        TreeKey? upper = neighbourIndex + 1 < parent.Count ? parent.KeyAt(neighbourIndex + 1) : null;
        if (!Fits(neighbour, parent.KeyAt(neighbourIndex), upper))
        {
            return false;
        }

        if (level == 0)
        {
            var leaf = new LeafNode(node);
            var other = new LeafNode(neighbour);
            if (leaf.UsedBytes + other.UsedBytes > LeafNode.MergedMaxBytes)
            {
                return false;
            }

            leaf.Absorb(other, isBefore);
        }
        else
        {
            var inner = new InnerNode(node);
            var other = new InnerNode(neighbour);
            if (inner.Count + other.Count > InnerNode.MergedMaxCount)
            {
                return false;
            }

            inner.Absorb(other, isBefore);
        }

        FreeNode(pointer);
        DropAbsorbed(parent, neighbourIndex, isBefore);
        return true;
    }

    /// <summary>The entry of the node that grew takes the range of both.</summary>
    private static void DropAbsorbed(InnerNode parent, int neighbourIndex, bool isBefore)
    {
        if (isBefore)
        {
            parent.SetPointer(neighbourIndex, parent.PointerAt(neighbourIndex + 1));
            parent.Remove(neighbourIndex + 1);
        }
        else
        {
            parent.Remove(neighbourIndex);
        }
    }
}
