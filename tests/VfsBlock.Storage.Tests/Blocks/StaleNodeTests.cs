using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

public sealed class StaleNodeTests
{
    /// <summary>A reader saw a cold node; before it loads it, another changes the tree, two commits pass and a file gets the blocks. The tree is sound, so it must look again.</summary>
    [Theory]
    [InlineData(MetadataAccess.Mapped)]
    [InlineData(MetadataAccess.Pread)]
    public void Load_TheBlocksOfAStaleNodeBelongToAFileByNow_LooksAgain(MetadataAccess source)
    {
        using var rig = new NodeStoreRig(source, new BlockFileFormat { SizeLimitBytes = 64 << 20 });
        Assert.Equal(Errno.None, rig.Put(1, [1]));
        rig.Commit();
        rig.Reopen();
        Assert.Equal(TreeStatus.Cold, rig.Tree.Find(new TreeKey(1, 0), out _, out NodePointer cold));

        // Another thread, between the reader's hold of the lock and its load.
        Assert.Equal(Errno.None, rig.Put(1, [2]));
        rig.Commit();
        rig.Commit();
        using var data = new NativeBuffer(4096);
        BlockNumber last = cold.Block.Plus(3);
        int reusedCount = 0;
        while (reusedCount < 4)
        {
            // As a file's data gets its place: nothing of it is in a frame.
            Assert.Equal(Errno.None, rig.File.Reserve(1));
            Assert.Equal(Errno.None, rig.File.HoldReserved(AllocationStream.SmallData, 1, out BlockRun run));
            rig.File.UseHeld(run);
            Assert.True(rig.Device.Write(data.Span, run.First.OffsetBytes(4096)).Succeeded);
            reusedCount += cold.Block.Value <= run.First.Value && run.First.Value <= last.Value ? 1 : 0;
        }

        var loader = new NodeLoader(rig.Store);
        Assert.Equal(Errno.None, loader.Load(cold));
        Assert.Equal(new byte[] { 2 }, rig.Find(1));
    }
}
