using Xunit;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>What tests of trees do all the time.</summary>
internal static class TestTrees
{
    /// <summary>Closes the generation and seals it.</summary>
    /// <returns>The sealed root.</returns>
    public static NodePointer Commit(MemoryNodeStore store, Tree tree)
    {
        tree.DropEmptied();
        var seal = new TreeSeal(store, tree);
        seal.Begin(store.Generation);
        store.CloseGeneration();
        while (!seal.IsDone)
        {
            seal.Step(1000);
        }

        return seal.Root;
    }

    /// <summary>Brings the way to a key into memory.</summary>
    public static void Load(MemoryNodeStore store, Tree tree, TreeKey key)
    {
        while (tree.Touch(key, out NodePointer cold) == TreeStatus.Cold)
        {
            Assert.Equal(Interop.Errno.None, store.Load(cold));
        }
    }

    /// <summary>All keys of the leaf that a key belongs into, which is in memory.</summary>
    public static unsafe List<TreeKey> KeysInLeafOf(Tree tree, TreeKey key)
    {
        Assert.Equal(TreeStatus.Ok, tree.Descend(key, out TreePath path, out _));
        return [.. Enumerable.Range(0, NodeFormat.Header(path.NodeAt(0))->Count).Select(index => new LeafNode(path.NodeAt(0)).KeyAt(index))];
    }

    /// <summary>Key number <paramref name="i"/> of an ascending row.</summary>
    public static TreeKey Key(long i) => new((ulong)i >> 3, (ulong)(i & 7) << 60);
}
