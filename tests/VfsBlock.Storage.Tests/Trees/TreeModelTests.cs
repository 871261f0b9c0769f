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
        var model = new SortedDictionary<TreeKey, byte[]>();
        int keyRange = 50;
        for (int i = 0; i < operationCount; i++)
        {
            if (i % 5000 == 0)
            {
                keyRange = random.Next(1, 20_000);
                AssertEqual(model, driver);
            }

            Step(random, driver, model, keyRange, maxValueBytes, isShrinking: i / 10_000 % 2 == 1);
            if (random.Next(500) == 0)
            {
                store.CloseGeneration();
            }
        }

        AssertEqual(model, driver);
        foreach (TreeKey key in model.Keys.ToArray())
        {
            Assert.True(driver.Delete(key));
        }

        Assert.True(driver.Tree.Root.IsNone);
    }

    private static void Step(
        Random random, TreeDriver driver, SortedDictionary<TreeKey, byte[]> model, int keyRange, int maxValueBytes, bool isShrinking)
    {
        var key = new TreeKey((ulong)random.Next(keyRange) / 7, (ulong)random.Next(7) << 60);
        int choice = random.Next(10);
        if (choice < (isShrinking ? 2 : 5))
        {
            byte[] value = new byte[random.Next(maxValueBytes + 1)];
            random.NextBytes(value);
            driver.Put(key, value);
            model[key] = value;
        }
        else if (choice < 7)
        {
            Assert.Equal(model.Remove(key), driver.Delete(key));
        }
        else if (choice < 8 && model.TryGetValue(key, out byte[]? old) && old.Length > 0)
        {
            int offsetBytes = random.Next(old.Length);
            byte[] bytes = new byte[random.Next(old.Length - offsetBytes)];
            random.NextBytes(bytes);
            Assert.True(driver.Patch(key, offsetBytes, bytes));
            bytes.CopyTo(old, offsetBytes);
        }
        else
        {
            Assert.Equal(model.GetValueOrDefault(key), driver.Find(key));
        }
    }

    private static void AssertEqual(SortedDictionary<TreeKey, byte[]> model, TreeDriver driver)
    {
        List<KeyValuePair<TreeKey, byte[]>> forward = driver.ReadForward();
        Assert.Equal(model.Count, forward.Count);
        foreach ((KeyValuePair<TreeKey, byte[]> expected, KeyValuePair<TreeKey, byte[]> actual) in model.Zip(forward))
        {
            Assert.Equal(expected.Key, actual.Key);
            Assert.True(expected.Value.AsSpan().SequenceEqual(actual.Value));
        }

        forward.Reverse();
        Assert.Equal(forward.Select(item => item.Key), driver.ReadBackward().Select(item => item.Key));
    }
}
