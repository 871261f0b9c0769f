using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests.Trees;

/// <summary>No operation allocates.</summary>
public sealed class TreeHotPathTests
{
    [Fact]
    public void Tree_WarmOperations_AllocateNothing()
    {
        using var store = new MemoryNodeStore();
        var tree = new Tree(store, 16, NodePointer.None);
        var driver = new TreeDriver(store, tree);
        byte[] value = new byte[100];
        for (int i = 0; i < 5000; i++)
        {
            driver.Put(TestTrees.Key(i * 2), value);
        }

        int n = 0;
        AllocationProbe.AssertNone(() =>
        {
            TreeKey present = TestTrees.Key(n++ * 14 % 5000);
            TreeKey absent = TestTrees.Key((n * 14 % 5000) + 1);
            Require(tree.Find(present, out _, out _));
            Require(tree.FindFloor(absent, out _, out _));
            Require(tree.Touch(absent, out _));
            store.Reserve(tree.WorstCaseNodeCount(5));
            Require(tree.Put(present, value, out _));
            Require(tree.Put(absent, value, out _));
            Require(tree.Patch(present, 5, [1, 2, 3], out _));
            Require(tree.DeleteRange(absent, absent, 1, out _, out _));
            var cursor = new TreeCursor(tree);
            Require(cursor.SeekCeiling(absent));
            Require(cursor.MoveNext());
            Require(cursor.MovePrevious());
        });
    }

    private static void Require(TreeStatus status)
    {
        if (status != TreeStatus.Ok)
        {
            Assert.Equal(TreeStatus.Ok, status);
        }
    }
}
