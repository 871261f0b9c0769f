namespace VfsBlock.Storage;

/// <content>Where leaves are that are not in memory.</content>
public sealed unsafe partial class Tree
{
    /// <summary>The leaf that <paramref name="key"/> belongs into, which need not be in memory; the nodes above it must be.</summary>
    /// <param name="key">The key.</param>
    /// <param name="leaf">Where it lies.</param>
    /// <param name="end">The lowest key that belongs to the next leaf; none if it is the last.</param>
    /// <param name="cold">The node to load, or the damaged one; none for the other answers.</param>
    /// <returns>Ok, NotFound if the tree is empty, Cold or Damaged.</returns>
    internal TreeStatus Locate(TreeKey key, out NodePointer leaf, out TreeKey? end, out NodePointer cold)
    {
        leaf = _root;
        end = null;
        cold = default;
        if (leaf.IsNone)
        {
            return TreeStatus.NotFound;
        }

        byte* node = _store.Find(leaf);
        for (int level = -1; node != null; level--)
        {
            TreeStatus status = CheckLevel(node, ref level);
            if (status != TreeStatus.Ok || level == 0)
            {
                cold = status == TreeStatus.Ok ? default : leaf;
                return status;
            }

            var inner = new InnerNode(node);
            int index = inner.ChildIndex(key);
            end = index + 1 < inner.Count ? inner.KeyAt(index + 1) : end;
            leaf = inner.PointerAt(index);
            if (level == 1)
            {
                return TreeStatus.Ok;
            }

            node = _store.Find(leaf);
        }

        cold = leaf;
        return TreeStatus.Cold;
    }
}
