using Xunit;

namespace VfsBlock.Tidy.Tests;

/// <summary>Turns a rule's complaints into a test result that shows every one of them.</summary>
internal static class Complaints
{
    public static void AssertNone(IEnumerable<string?> complaints)
    {
        List<string?> all = [.. complaints];
        Assert.True(all.Count == 0, $"{all.Count} complaint(s):\n{string.Join('\n', all)}");
    }
}
