namespace VfsBlock.Storage;

/// <content>Merges.</content>
public sealed unsafe partial class Tree
{
    /// <summary>After items left the path's leaf: drops empty nodes, merges small ones with a neighbour, lowers the root.</summary>
    private void Shrink(ref TreePath path)
    {
        for (int level = 0; level < path.RootLevel; level++)
        {
            InnerNode parent = path.InnerAt(level + 1);
            int index = path.IndexAt(level + 1);
            if (NodeFormat.Header(path.NodeAt(level))->Count == 0)
            {
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
