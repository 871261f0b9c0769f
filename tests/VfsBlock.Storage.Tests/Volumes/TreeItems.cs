using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>What a file tree holds, item by item.</summary>
internal static class TreeItems
{
    public static SortedDictionary<TreeKey, byte[]> Read(VolumeFixture fixture) => Read(fixture.Volume.Core.Files);

    public static SortedDictionary<TreeKey, byte[]> Read(Tree tree)
    {
        SortedDictionary<TreeKey, byte[]> items = [];
        var cursor = new TreeCursor(tree);
        TreeStatus status = cursor.SeekCeiling(TreeKey.Min);
        while (status == TreeStatus.Ok)
        {
            items.Add(cursor.Key, cursor.Value.ToArray());
            status = cursor.MoveNext();
        }

        Assert.Equal(TreeStatus.NotFound, status);
        return items;
    }
}
