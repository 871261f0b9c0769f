using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>Orders of keys and sizes of values that trees find hard.</summary>
public sealed class TreeOrderTests(ITestOutputHelper output)
{
    private const int ItemCount = 60_000;

    public enum Order
    {
        Ascending,
        Descending,
        Alternating,
        MiddleOut,
    }

    [Theory]
    [InlineData(Order.Ascending, 95)]
    [InlineData(Order.Descending, 95)]
    [InlineData(Order.Alternating, 45)]
    [InlineData(Order.MiddleOut, 90)]
    public void Put_KeysInOrder_FillsLeaves(Order order, int leastFillPercent)
    {
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        byte[] value = new byte[48];
        for (long i = 0; i < ItemCount; i++)
        {
            BitConverter.TryWriteBytes(value, Place(order, i));
            driver.Put(TestTrees.Key(Place(order, i)), value);
        }

        TreeImage image = TreeImage.Check(store, 16, TestTrees.Commit(store, driver.Tree));
        Assert.Empty(image.Findings);
        Assert.Equal(Enumerable.Range(0, ItemCount).Select(i => TestTrees.Key(i)), image.Items.Select(item => item.Key));
        double fillPercent = 100.0 * ItemCount * (20 + value.Length) / ((double)image.Nodes.Count * (NodeFormat.SizeBytes - 64));
        output.WriteLine($"{order}: {image.Nodes.Count} nodes, {fillPercent:F1} % full");
        Assert.True(fillPercent >= leastFillPercent, $"{fillPercent} %");
    }

    [Theory]
    [InlineData(Order.Ascending)]
    [InlineData(Order.Descending)]
    [InlineData(Order.Alternating)]
    [InlineData(Order.MiddleOut)]
    public void Delete_KeysInOrder_GivesNodesBack(Order order)
    {
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        for (long i = 0; i < ItemCount; i++)
        {
            driver.Put(TestTrees.Key(i), new byte[40]);
        }

        int fullCount = store.LiveCount;
        for (long i = 0; i < ItemCount; i++)
        {
            Assert.True(driver.Delete(TestTrees.Key(Place(order, i))));
            if (i == ItemCount * 9 / 10)
            {
                Assert.True(store.LiveCount < fullCount / 2, $"{store.LiveCount} of {fullCount} nodes for a tenth of the items");
            }
        }

        Assert.True(driver.Tree.Root.IsNone);
        Assert.Equal(0, store.LiveCount);
    }

    [Fact]
    public void Put_AscendingWithinATree_LeavesFullLeavesBehind()
    {
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        for (ulong file = 0; file < 2000; file++)
        {
            driver.Put(new TreeKey(file, 0), new byte[112]);
        }

        int before = store.LiveCount;
        const int ExtentCount = 20_000;
        for (ulong i = 0; i < ExtentCount; i++)
        {
            driver.Put(new TreeKey(1000, (6UL << 60) + i), new byte[64]);
        }

        double fill = ExtentCount * 84.0 / ((store.LiveCount - before) * (double)NodeFormat.SizeBytes);
        output.WriteLine($"{fill:P1}");
        Assert.True(fill > 0.9, $"{fill:P1}");
    }

    [Fact]
    public void Put_EverySizeOfValue_ReplacesEveryOther()
    {
        var random = new Random(RandomSeed.Take(output));
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        int[] sizes = [.. Enumerable.Range(0, NodeFormat.MaxValueBytes + 1)];
        byte[][] values = [.. sizes.Select(size => new byte[size])];
        for (int round = 0; round < 3; round++)
        {
            random.Shuffle(sizes);
            for (int i = 0; i < sizes.Length; i++)
            {
                values[i] = new byte[sizes[i]];
                random.NextBytes(values[i]);
                driver.Put(TestTrees.Key(i), values[i]);
            }

            for (int i = 0; i < sizes.Length; i++)
            {
                Assert.True(values[i].AsSpan().SequenceEqual(driver.Find(TestTrees.Key(i))));
            }

            TreeImage image = TreeImage.Check(store, 16, TestTrees.Commit(store, driver.Tree));
            Assert.Empty(image.Findings);
        }
    }

    [Fact]
    public void Put_ValueTooLongOrInTheNode_IsRefused()
    {
        using var store = new MemoryNodeStore();
        var tree = new Tree(store, 16, NodePointer.None);
        var driver = new TreeDriver(store, tree);
        driver.Put(TreeKey.Min, [1, 2, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => driver.Put(TreeKey.Min, new byte[NodeFormat.MaxValueBytes + 1]));
        Assert.Throws<ArgumentException>(() =>
        {
            tree.Find(TreeKey.Min, out ReadOnlySpan<byte> value, out _);
            tree.Put(TreeKey.Max, value, out _);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => driver.Patch(TreeKey.Min, 2, [1, 2]));
        Assert.Equal([1, 2, 3], driver.Find(TreeKey.Min));
        Assert.Null(driver.Find(TreeKey.Max));
    }

    [Fact]
    public void FindFloorAndCeiling_AroundEveryKey_FindTheNeighbours()
    {
        using var store = new MemoryNodeStore();
        var driver = new TreeDriver(store, new Tree(store, 16, NodePointer.None));
        Assert.Null(driver.Floor(TreeKey.Max));
        Assert.Null(driver.Ceiling(TreeKey.Min));
        const int Count = 3000;
        for (ulong i = 1; i <= Count; i++)
        {
            driver.Put(new TreeKey(5, i * 10), new byte[30]);
        }

        for (ulong i = 1; i <= Count; i++)
        {
            Assert.Equal(i * 10, driver.Floor(new TreeKey(5, i * 10))?.Key.Low);
            Assert.Equal(i * 10, driver.Floor(new TreeKey(5, (i * 10) + 9))?.Key.Low);
            Assert.Equal(i * 10, driver.Ceiling(new TreeKey(5, i * 10))?.Key.Low);
            Assert.Equal(i * 10, driver.Ceiling(new TreeKey(5, (i * 10) - 9))?.Key.Low);
        }

        Assert.Null(driver.Floor(new TreeKey(5, 9)));
        Assert.Null(driver.Ceiling(new TreeKey(5, (Count * 10) + 1)));
        Assert.Equal(Count * 10UL, driver.Floor(TreeKey.Max)?.Key.Low);
        Assert.Equal(10UL, driver.Ceiling(TreeKey.Min)?.Key.Low);
    }

    /// <summary>A permutation of 0 to ItemCount - 1.</summary>
    private static long Place(Order order, long i) => order switch
    {
        Order.Ascending => i,
        Order.Descending => ItemCount - 1 - i,
        Order.Alternating => i * 7919 % ItemCount,
        _ => i % 2 == 0 ? (ItemCount / 2) + (i / 2) : (ItemCount / 2) - 1 - (i / 2),
    };
}
