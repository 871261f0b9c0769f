using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>Sealing while changes go on: every pointer to a closed generation gets its checksum, in the closed tree and in the live one.</summary>
public sealed class TreeSealTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 1, 300)]
    [InlineData(1, 40, 3000)]
    [InlineData(4, 7, 3000)]
    [InlineData(64, 200, 60)]
    [InlineData(3, 0, 3000)]
    public void Step_BetweenRandomChanges_LeavesNoPointerUnset(int nodesPerStep, int maxChangesPerStep, int keyRange)
    {
        var random = new Random(RandomSeed.Take(output) + maxChangesPerStep);
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        var model = new TreeModel(random, driver) { MaxValueBytes = 900, KeyRange = keyRange };
        var seal = new TreeSeal(store, driver.Tree);
        int stepCount = 0;
        for (int generation = 0; generation < 120; generation++)
        {
            Change(random, model, random.Next(400));
            seal.Begin(store.Generation);
            store.CloseGeneration();
            List<KeyValuePair<TreeKey, byte[]>> closed = model.Snapshot();
            while (!seal.IsDone)
            {
                Change(random, model, random.Next(maxChangesPerStep + 1));
                seal.Step(random.Next(1, nodesPerStep + 1));
                stepCount++;
            }

            AssertSound(store, seal.Root, closed);

            // Every node of a closed generation comes back from its bytes only if each pointer to it has the right checksum.
            store.FinishGeneration();
            store.Chill(random, 1);
            model.AssertEqualsTree();
        }

        // A generation that changed nothing is done at once.
        Assert.True(stepCount > 60, $"{stepCount} steps");
    }

    [Fact]
    public void Step_NothingChangedAfterClose_SetsTheLiveRootToo()
    {
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        driver.Put(TreeKey.Min, [1]);
        var seal = new TreeSeal(store, driver.Tree);
        seal.Begin(store.Generation);
        store.CloseGeneration();
        while (!seal.Step(1))
        {
        }

        Assert.NotEqual(0u, seal.Root.Checksum);
        Assert.Equal(seal.Root, driver.Tree.Root);
    }

    [Fact]
    public void Begin_EmptyOrUnchangedTree_IsDoneAtOnce()
    {
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        var seal = new TreeSeal(store, driver.Tree);
        seal.Begin(store.Generation);
        Assert.True(seal.IsDone);
        Assert.True(seal.Root.IsNone);

        driver.Put(TreeKey.Min, [1]);
        NodePointer root = TestTrees.Commit(store, driver.Tree);
        seal.Begin(store.Generation);
        Assert.True(seal.IsDone);
        Assert.Equal(root, seal.Root);
    }

    [Fact]
    public void Begin_SealNotDone_Throws()
    {
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        driver.Put(TreeKey.Min, [1]);
        var seal = new TreeSeal(store, driver.Tree);
        seal.Begin(store.Generation);
        Assert.Throws<InvalidOperationException>(() => seal.Root);
        Assert.Throws<InvalidOperationException>(() => seal.Begin(store.Generation + 1));
    }

    [Fact]
    public void Find_OldRoots_StayReadableAndUnchanged()
    {
        var random = new Random(RandomSeed.Take(output));
        using var store = new MemoryNodeStore { KeepsOld = true };
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        var model = new TreeModel(random, driver) { KeyRange = 5000 };
        List<(NodePointer Root, List<KeyValuePair<TreeKey, byte[]>> Items, TreeImage Image)> snapshots = [];
        for (int i = 0; i < 25; i++)
        {
            model.IsShrinking = i % 6 > 3;
            Change(random, model, 600);
            NodePointer root = TestTrees.Commit(store, driver.Tree);
            snapshots.Add((root, model.Snapshot(), TreeImage.Check(store, 16, root)));
        }

        foreach ((NodePointer root, List<KeyValuePair<TreeKey, byte[]>> items, TreeImage before) in snapshots)
        {
            TreeModel.AssertSame(items, new TreeDriver(store, new Tree(store, 16, root)).ReadForward());
            TreeImage after = TreeImage.Check(store, 16, root);
            Assert.Empty(after.Findings);
            Assert.Equal(before.Nodes.Count, after.Nodes.Count);
            Assert.All(before.Nodes, node => Assert.True(node.Value.AsSpan().SequenceEqual(after.Nodes[node.Key])));
        }
    }

    [Fact]
    public void Reopen_SealedImage_HoldsTheSame()
    {
        var random = new Random(RandomSeed.Take(output));
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        var model = new TreeModel(random, driver) { KeyRange = 5000 };
        Change(random, model, 5000);
        NodePointer root = TestTrees.Commit(store, driver.Tree);
        store.FinishGeneration();

        using MemoryNodeStore reopened = store.Reopen();
        var again = new TreeDriver(reopened, new Tree(reopened, 16, root));
        TreeModel.AssertSame(model.Snapshot(), again.ReadForward());
        Assert.Equal(TreeImage.Check(store, 16, root).Nodes.Count, again.RestartCount);
    }

    private static void Change(Random random, TreeModel model, int count)
    {
        model.IsShrinking = random.Next(3) == 0;
        for (int i = 0; i < count; i++)
        {
            model.Step();
        }
    }

    private static void AssertSound(MemoryNodeStore store, in NodePointer root, List<KeyValuePair<TreeKey, byte[]>> items)
    {
        TreeImage image = TreeImage.Check(store, 16, root);
        Assert.Empty(image.Findings);
        TreeModel.AssertSame(items, image.Items);
    }
}
