using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>The guess must find what a walk over all keys finds, however the keys are spread.</summary>
public sealed unsafe class KeySearchTests(ITestOutputHelper output)
{
    private const int StrideWords = 3;

    private const int StrideBytes = StrideWords * sizeof(ulong);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(400)]
    public void FloorIndex_KeysSpreadInManyWays_EqualsWalk(int count)
    {
        var random = new Random(RandomSeed.Take(output));
        for (int round = 0; round < 40; round++)
        {
            TreeKey[] keys = [.. Enumerable.Range(0, count).Select(index => SomeKey(round, index, count, random)).Distinct().Order()];
            foreach (TreeKey key in keys.SelectMany(Around).Append(TreeKey.Min).Append(TreeKey.Max))
            {
                Assert.Equal(Array.FindLastIndex(keys, other => other <= key), Search(keys, key));
            }
        }
    }

    [Fact]
    public void FloorIndex_KeysInNoOrder_StaysInside()
    {
        var random = new Random(RandomSeed.Take(output));
        for (int round = 0; round < 2000; round++)
        {
            int count = random.Next(0, 60);
            TreeKey[] keys = [.. Enumerable.Range(0, count).Select(index => SomeKey(round, index, count, random))];
            random.Shuffle(keys);
            Assert.InRange(Search(keys, SomeKey(round, random.Next(60), 60, random)), -1, count - 1);
        }
    }

    // Even, crowded at either end, differing in one half only, powers of two.
    private static TreeKey SomeKey(int kind, int index, int count, Random random) => (kind % 6) switch
    {
        0 => new TreeKey(7, (ulong)random.NextInt64()),
        1 => new TreeKey((ulong)random.NextInt64(), (ulong)random.NextInt64()),
        2 => new TreeKey((ulong)(index / 2), (ulong)(index % 2) << 56),
        3 => new TreeKey(index == count - 1 ? ulong.MaxValue : 0, (ulong)index),
        4 => new TreeKey(index == 0 ? 0 : ulong.MaxValue, ulong.MaxValue - (ulong)index),
        _ => new TreeKey(1UL << (index % 64), 1UL << (index / 64)),
    };

    private static IEnumerable<TreeKey> Around(TreeKey key)
    {
        yield return key;
        yield return key with { Low = key.Low + 1 };
        yield return key with { Low = key.Low - 1 };
    }

    // Exactly as much memory as there are keys: a probe outside of them reads the guard.
    private static int Search(TreeKey[] keys, TreeKey key)
    {
        const ulong guard = 0xDEADBEEFDEADBEEF;
        ulong[] memory = new ulong[(keys.Length + 2) * StrideWords];
        Array.Fill(memory, guard);
        for (int index = 0; index < keys.Length; index++)
        {
            memory[(index + 1) * StrideWords] = keys[index].High;
            memory[((index + 1) * StrideWords) + 1] = keys[index].Low;
        }

        fixed (ulong* start = memory)
        {
            return KeySearch.FloorIndex((byte*)(start + StrideWords), StrideBytes, keys.Length, key);
        }
    }
}
