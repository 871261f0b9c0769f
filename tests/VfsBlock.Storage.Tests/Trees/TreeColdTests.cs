using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>Operations that meet cold nodes start again, change nothing before, and get through.</summary>
public sealed class TreeColdTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Tree_NodesGoColdAtRandom_EqualsTheModel(double share)
    {
        var random = new Random(RandomSeed.Take(output));
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        var model = new TreeModel(random, driver) { KeyRange = 4000 };
        for (int i = 0; i < 8000; i++)
        {
            model.IsShrinking = i / 2000 % 2 == 1;
            store.Chill(random, share);
            model.Step();
            if (random.Next(20) == 0)
            {
                TestTrees.Commit(store, driver.Tree);
                store.FinishGeneration();
            }
        }

        store.Chill(random, share);
        model.AssertEqualsTree();
        output.WriteLine($"{driver.RestartCount} restarts");
        Assert.True(driver.RestartCount > 20);
    }

    [Fact]
    public void Put_ColdPath_ChangesNothing()
    {
        using var store = new MemoryNodeStore();
        Tree tree = Grow(store, 5000);
        NodePointer root = TestTrees.Commit(store, tree);
        store.Chill(new Random(1), 1);
        int liveCount = store.LiveCount;
        Assert.Equal(Errno.None, store.Reserve(100));
        Assert.Equal(TreeStatus.Cold, tree.Put(TestTrees.Key(10), [1], out NodePointer cold));
        Assert.Equal(root, cold);
        Assert.Equal(Errno.None, store.Load(cold));
        Assert.Equal(TreeStatus.Cold, tree.Put(TestTrees.Key(10), [1], out cold));
        Assert.NotEqual(root, cold);
        Assert.Equal(TreeStatus.Cold, tree.Delete(TestTrees.Key(10), out _));
        Assert.Equal(TreeStatus.Cold, tree.Patch(TestTrees.Key(10), 0, [1], out _));
        Assert.Equal(TreeStatus.Cold, tree.DeleteRange(TreeKey.Min, TreeKey.Max, 100, out int deletedCount, out _));
        Assert.Equal(0, deletedCount);
        Assert.Equal(root, tree.Root);
        Assert.Equal(liveCount, store.LiveCount);
    }

    [Fact]
    public void Touch_ManyKeys_LetsTheirChangesSucceedWithinTheReserve()
    {
        var random = new Random(RandomSeed.Take(output));
        using var store = new MemoryNodeStore();
        Tree tree = Grow(store, 20_000);
        for (int round = 0; round < 300; round++)
        {
            TestTrees.Commit(store, tree);
            store.FinishGeneration();
            store.Chill(random, 1);
            TreeKey[] keys = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => TestTrees.Key(random.Next(25_000)))];
            foreach (TreeKey key in keys)
            {
                TreeStatus status;
                while ((status = tree.Touch(key, out NodePointer cold)) == TreeStatus.Cold)
                {
                    Assert.Equal(Errno.None, store.Load(cold));
                }

                Assert.Equal(TreeStatus.Ok, status);
            }

            // The store throws if more nodes are taken than were reserved.
            Assert.Equal(Errno.None, store.Reserve(tree.WorstCaseNodeCount(keys.Length)));
            foreach (TreeKey key in keys)
            {
                TreeStatus status = random.Next(2) == 0 ? tree.Put(key, new byte[random.Next(3000)], out _) : tree.Delete(key, out _);
                Assert.True(status is TreeStatus.Ok or TreeStatus.NotFound, $"{status}");
            }
        }
    }

    /// <summary>What a change deletes and what it puts there next may lie between leaves that are not in memory.</summary>
    [Fact]
    public void Put_LeafJustEmptiedBetweenColdOnes_Succeeds()
    {
        using var store = new MemoryNodeStore();
        Tree tree = Grow(store, 20_000);
        TestTrees.Commit(store, tree);
        store.FinishGeneration();
        for (int first = 0; first < 20_000; first += 997)
        {
            store.Chill(new Random(first), 1);
            TreeKey key = TestTrees.Key(first);
            TestTrees.Load(store, tree, key);
            List<TreeKey> there = [.. TestTrees.KeysInLeafOf(tree, key)];
            Assert.Equal(Errno.None, store.Reserve(tree.WorstCaseNodeCount(there.Count + 1)));
            Assert.All(there, inLeaf => Assert.Equal(TreeStatus.Ok, tree.Delete(inLeaf, out _)));
            Assert.Equal(TreeStatus.Ok, tree.Put(key, [1], out _));
            tree.DropEmptied();
            Assert.Equal(TreeStatus.Ok, tree.Delete(key, out _));
            tree.DropEmptied();
            TestTrees.Commit(store, tree);
            store.FinishGeneration();
        }
    }

    [Fact]
    public void MoveNext_ColdLeaf_KeepsThePosition()
    {
        using var store = new MemoryNodeStore();
        Tree tree = Grow(store, 2000);
        TestTrees.Commit(store, tree);
        store.Chill(new Random(1), 1);
        var cursor = new TreeCursor(tree);
        while (cursor.SeekCeiling(TreeKey.Min) == TreeStatus.Cold)
        {
            Assert.Equal(Errno.None, store.Load(cursor.Cold));
        }

        TreeStatus status = TreeStatus.Ok;
        int count = 0;
        for (; status == TreeStatus.Ok; status = cursor.MoveNext())
        {
            Assert.Equal(TestTrees.Key(count++), cursor.Key);
        }

        Assert.Equal(TreeStatus.Cold, status);
        Assert.Equal(TestTrees.Key(count - 1), cursor.Key);
        Assert.Equal(Errno.None, store.Load(cursor.Cold));
        Assert.Equal(TreeStatus.Ok, cursor.MoveNext());
        Assert.Equal(TestTrees.Key(count), cursor.Key);
    }

    [Fact]
    public void SeekCeiling_WithinOneLeaf_DescendsOnce()
    {
        using var store = new MemoryNodeStore();
        Tree tree = Grow(store, 20_000);
        var cursor = new TreeCursor(tree);
        long before = store.FindCount;
        Assert.Equal(TreeStatus.Ok, cursor.SeekCeiling(TestTrees.Key(0)));
        long perDescent = store.FindCount - before;
        int count = 1;
        for (; cursor.MoveNext() == TreeStatus.Ok; count++)
        {
        }

        Assert.Equal(20_000, count);
        Assert.True(store.FindCount - before < perDescent * (count / 50), $"{store.FindCount - before} lookups for {count} items");
    }

    private static Tree Grow(MemoryNodeStore store, int itemCount)
    {
        var tree = new Tree(store, 16, NodePointer.None);
        var driver = new TreeDriver(store, tree);
        for (int i = 0; i < itemCount; i++)
        {
            driver.Put(TestTrees.Key(i), new byte[100]);
        }

        return tree;
    }
}
