using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <content>From the root to a leaf.</content>
public sealed unsafe partial class Tree
{
    /// <summary>Of a root that is in memory; a cold one counts as the highest.</summary>
    private int RootLevel
    {
        get
        {
            byte* root = _store.Find(_root);
            return root == null ? NodeFormat.MaxLevel : NodeFormat.Header(root)->Level;
        }
    }

    /// <summary>The leaf that holds the key if any does.</summary>
    private TreeStatus FindLeaf(TreeKey key, out byte* leaf, out NodePointer cold)
    {
        if (_recalls)
        {
            TreeStatus found = Descend(key, out TreePath path, out cold);
            leaf = found == TreeStatus.Ok ? path.NodeAt(0) : null;
            return found;
        }

        leaf = null;
        NodePointer pointer = _root;
        cold = default;
        if (pointer.IsNone)
        {
            return TreeStatus.NotFound;
        }

        byte* node = _store.Find(pointer);
        for (int level = -1; node != null; level--)
        {
            TreeStatus status = CheckLevel(node, ref level);
            if (status != TreeStatus.Ok || level == 0)
            {
                leaf = node;
                cold = status == TreeStatus.Ok ? default : pointer;
                return status;
            }

            var inner = new InnerNode(node);
            pointer = inner.PointerAt(inner.ChildIndex(key));
            node = _store.Find(pointer);
        }

        cold = pointer;
        return TreeStatus.Cold;
    }

    /// <summary>The way to the leaf that <paramref name="key"/> belongs into, every node on it checked to lie where its parent says.</summary>
    /// <returns>Ok, NotFound if the tree is empty, Cold or Damaged.</returns>
    [SkipLocalsInit]
    internal TreeStatus Descend(TreeKey key, out TreePath path, out NodePointer cold)
    {
        Unsafe.SkipInit(out path);
        if (_recalls && TryRecall(key, ref path))
        {
            cold = default;
            return TreeStatus.Ok;
        }

        path.Lower = TreeKey.Min;
        path.HasUpper = false;
        path.RootLevel = -1;
        NodePointer pointer = _root;
        cold = default;
        if (pointer.IsNone)
        {
            return TreeStatus.NotFound;
        }

        ulong generation = _store.Generation;
        byte* node = _store.Find(pointer);
        for (int level = -1; node != null; level--)
        {
            if (CheckLevel(node, ref level) != TreeStatus.Ok || !Fits(node, path, generation))
            {
                cold = pointer;
                return TreeStatus.Damaged;
            }

            path.RootLevel = Math.Max(path.RootLevel, level);
            path.SetNode(level, node);
            if (level == 0)
            {
                if (_recalls)
                {
                    Remember(path);
                }

                return TreeStatus.Ok;
            }

            var inner = new InnerNode(node);
            int index = inner.ChildIndex(key);
            path.SetIndex(level, index);
            path.Lower = inner.KeyAt(index);
            if (index + 1 < inner.Count)
            {
                path.Upper = inner.KeyAt(index + 1);
                path.HasUpper = true;
            }

            pointer = inner.PointerAt(index);
            node = _store.Find(pointer);
        }

        cold = pointer;
        return TreeStatus.Cold;
    }

    /// <summary>Levels go down one by one from the root's, so that no damage makes a descent endless.</summary>
    /// <param name="node">The node.</param>
    /// <param name="level">What its level must be; below 0 for the root, which says it itself.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TreeStatus CheckLevel(byte* node, ref int level)
    {
        int found = NodeFormat.Header(node)->Level;
        if (level < 0)
        {
            level = found;
            return found <= NodeFormat.MaxLevel ? TreeStatus.Ok : TreeStatus.Damaged;
        }

        return found == level ? TreeStatus.Ok : TreeStatus.Damaged;
    }

    /// <summary>
    /// Checks that the keys of a node from disk lie between the bounds that its parents give: nothing else keeps a change from putting keys out of order
    /// in the parent. What was born in the open generation was checked when it was copied.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fits(byte* node, in TreePath path, ulong generation)
    {
        NodeHeader* header = NodeFormat.Header(node);
        return header->Generation == generation || Fits(node, path.Lower, path.HasUpper ? path.Upper : null);
    }

    private static bool Fits(byte* node, TreeKey lower, TreeKey? upper)
    {
        NodeHeader* header = NodeFormat.Header(node);
        if (header->Level > 0)
        {
            var inner = new InnerNode(node);
            return inner.Count > 0 && inner.KeyAt(0) == lower && (upper is not { } bound || inner.KeyAt(inner.Count - 1) < bound);
        }

        var leaf = new LeafNode(node);
        return leaf.Count > 0 && leaf.KeyAt(0) >= lower && (upper is not { } limit || leaf.KeyAt(leaf.Count - 1) < limit);
    }
}
