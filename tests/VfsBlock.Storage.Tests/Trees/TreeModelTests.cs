using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>Random operations on a tree and on a sorted dictionary, which must agree.</summary>
public sealed class TreeModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0, 64, 60_000)]
    [InlineData(1, 300, 60_000)]
    [InlineData(2, 3072, 30_000)]
    [InlineData(3, 0, 60_000)]
    public void Tree_RandomOperations_EqualTheModel(int salt, int maxValueBytes, int operationCount)
    {
        var random = new Random(RandomSeed.Take(output) + salt);
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        var model = new TreeModel(random, driver) { MaxValueBytes = maxValueBytes };
        for (int i = 0; i < operationCount; i++)
        {
            if (i % 5000 == 0)
            {
                model.KeyRange = random.Next(1, 20_000);
                model.IsShrinking = i / 10_000 % 2 == 1;
                model.AssertEqualsTree();
            }

            model.Step();
            if (random.Next(500) == 0)
            {
                store.CloseGeneration();
                store.FinishGeneration();
            }
        }

        model.AssertEqualsTree();
        foreach (TreeKey key in model.Items.Keys.ToArray())
        {
            Assert.True(driver.Delete(key));
        }

        Assert.True(driver.Tree.Root.IsNone);
        store.CloseGeneration();
        store.FinishGeneration();
        Assert.Equal(0, store.LiveCount);
    }
}
