using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

internal static class TreeModelAssert
{
    /// <summary>The same keys with the same values.</summary>
    public static void Same(SortedDictionary<TreeKey, byte[]> expected, SortedDictionary<TreeKey, byte[]> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach ((TreeKey key, byte[] value) in expected)
        {
            Assert.True(value.AsSpan().SequenceEqual(actual[key]), $"value of {key}");
        }
    }
}
