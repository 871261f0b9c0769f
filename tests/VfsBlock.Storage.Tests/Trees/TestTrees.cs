namespace VfsBlock.Storage.Tests.Trees;

/// <summary>What tests of trees do all the time.</summary>
internal static class TestTrees
{
    /// <summary>Closes the generation and seals it.</summary>
    /// <returns>The sealed root.</returns>
    public static NodePointer Commit(MemoryNodeStore store, Tree tree)
    {
        var seal = new TreeSeal(store, tree);
        seal.Begin(store.Generation);
        store.CloseGeneration();
        while (!seal.IsDone)
        {
            seal.Step(1000);
        }

        return seal.Root;
    }

    /// <summary>Key number <paramref name="i"/> of an ascending row.</summary>
    public static TreeKey Key(long i) => new((ulong)i >> 3, (ulong)(i & 7) << 60);
}
