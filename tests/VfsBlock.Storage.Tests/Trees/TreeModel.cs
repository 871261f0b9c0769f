using Xunit;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>Does the same random operations to a tree and to a sorted dictionary, and holds one against the other.</summary>
internal sealed class TreeModel(Random random, TreeDriver driver)
{
    public SortedDictionary<TreeKey, byte[]> Items { get; private set; } = [];

    public int KeyRange { get; set; } = 50;

    public int MaxValueBytes { get; set; } = 200;

    /// <summary>True if deletions outweigh insertions.</summary>
    public bool IsShrinking { get; set; }

    /// <summary>A copy of the items as they are now.</summary>
    public List<KeyValuePair<TreeKey, byte[]>> Snapshot() => [.. Items.Select(item => new KeyValuePair<TreeKey, byte[]>(item.Key, [.. item.Value]))];

    /// <summary>One random operation.</summary>
    public void Step()
    {
        TreeKey key = RandomKey();
        int choice = random.Next(100);
        if (choice < (IsShrinking ? 20 : 50))
        {
            byte[] value = new byte[random.Next(MaxValueBytes + 1)];
            random.NextBytes(value);
            driver.Put(key, value);
            Items[key] = value;
        }
        else if (choice < 70)
        {
            Assert.Equal(Items.Remove(key), driver.Delete(key));
        }
        else if (choice < 72)
        {
            DeleteRange(key);
        }
        else if (choice < 80 && Items.TryGetValue(key, out byte[]? old) && old.Length > 0)
        {
            Patch(key, old);
        }
        else
        {
            Assert.Equal(Items.GetValueOrDefault(key), driver.Find(key));
        }
    }

    /// <summary>Both hold the same, read in both directions.</summary>
    public void AssertEqualsTree()
    {
        List<KeyValuePair<TreeKey, byte[]>> forward = driver.ReadForward();
        AssertSame(Snapshot(), forward);
        List<KeyValuePair<TreeKey, byte[]>> backward = driver.ReadBackward();
        backward.Reverse();
        AssertSame(forward, backward);
    }

    /// <summary>The same keys and values.</summary>
    public static void AssertSame(List<KeyValuePair<TreeKey, byte[]>> expected, List<KeyValuePair<TreeKey, byte[]>> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Key, actual[i].Key);
            Assert.True(expected[i].Value.AsSpan().SequenceEqual(actual[i].Value), $"value of {expected[i].Key}");
        }
    }

    private TreeKey RandomKey() => new((ulong)random.Next(KeyRange) / 7, (ulong)random.Next(7) << 60);

    private void Patch(TreeKey key, byte[] old)
    {
        int offsetBytes = random.Next(old.Length);
        byte[] bytes = new byte[random.Next(old.Length - offsetBytes + 1)];
        random.NextBytes(bytes);
        Assert.True(driver.Patch(key, offsetBytes, bytes));
        bytes.CopyTo(old, offsetBytes);
    }

    private void DeleteRange(TreeKey first)
    {
        var last = new TreeKey(first.High + (ulong)random.Next(KeyRange / 20 + 1), ulong.MaxValue);
        int maxCount = random.Next(1, 400);
        TreeKey[] doomed = [.. Items.Keys.SkipWhile(key => key < first).TakeWhile(key => key <= last).Take(maxCount)];
        Assert.Equal(doomed.Length, driver.DeleteRange(first, last, maxCount));
        foreach (TreeKey key in doomed)
        {
            Items.Remove(key);
        }
    }
}
