using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

public sealed class VolumeOrphanTests : IDisposable
{
    private readonly VolumeFixture _fixture = new();

    private Volume Volume => _fixture.Volume;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Unlink_NobodyHoldsIt_LeavesNoItem()
    {
        SortedDictionary<TreeKey, byte[]> before = TreeItems.Read(_fixture);
        InodeNumber file = _fixture.Create("a");
        Volume.SetXattr(file, "user.a"u8, new byte[5000]);
        _fixture.Unlink("a");
        Assert.Equal(Errno.ESTALE, Volume.GetAttributes(file, out _));
        Assert.Equal(before.Keys, TreeItems.Read(_fixture).Keys);
        Assert.Equal(1UL, Volume.InodeCount);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Unlink_NobodyHoldsIt_TakesOneChangeUnlessThereIsMuchToDelete(bool isLarge, int expectedCount)
    {
        using var log = new RecordingLog();
        using var fixture = new VolumeFixture(log: log);
        InodeNumber file = fixture.Create("a");
        fixture.Volume.SetXattr(file, "user.a"u8, new byte[isLarge ? 60_000 : 100]);
        int before = log.TransactionCount;
        fixture.Unlink("a");
        Assert.Equal(expectedCount, log.TransactionCount - before);
        Assert.Equal(Errno.ESTALE, fixture.Volume.GetAttributes(file, out _));
        Assert.Equal(1UL, fixture.Volume.InodeCount);
    }

    [Fact]
    public void Rename_OverAFileThatNobodyHolds_DeletesItInTheSameChange()
    {
        using var log = new RecordingLog();
        using var fixture = new VolumeFixture(log: log);
        InodeNumber file = fixture.Create("a");
        InodeNumber replaced = fixture.Create("b");
        int before = log.TransactionCount;
        Assert.Equal(Errno.None, fixture.Volume.Rename(InodeNumber.Root, "a"u8, InodeNumber.Root, "b"u8));
        Assert.Equal(1, log.TransactionCount - before);
        Assert.Equal(file, fixture.Find("b"));
        Assert.Equal(Errno.ESTALE, fixture.Volume.GetAttributes(replaced, out _));
    }

    [Fact]
    public void Unlink_WhileHeld_KeepsTheInodeUntilTheLastRelease()
    {
        InodeNumber file = _fixture.Create("a", hold: true);
        Volume.Lookup(InodeNumber.Root, "a"u8, out _, hold: true);
        Volume.Hold(file);
        Timestamp now = _fixture.Clock.Advance();
        _fixture.Unlink("a");
        Assert.Equal((0U, now), (_fixture.Attributes(file).LinkCount, _fixture.Attributes(file).ChangeTime));
        Assert.Equal(Errno.None, Volume.SetXattr(file, "user.a"u8, [1]));
        Assert.Equal(Errno.ENOENT, Volume.Link(file, InodeNumber.Root, "b"u8, out _));
        Assert.Equal(Errno.None, Volume.Release(file, 2));
        Assert.Equal(0U, _fixture.Attributes(file).LinkCount);
        Assert.Equal(Errno.None, Volume.Release(file));
        Assert.Equal(Errno.ESTALE, Volume.GetAttributes(file, out _));
        Assert.Equal(Errno.ESTALE, Volume.Hold(file));
    }

    [Fact]
    public void Release_MoreThanHeld_Throws()
    {
        InodeNumber file = _fixture.Create("a", hold: true);
        Assert.Throws<InvalidOperationException>(() => Volume.Release(file, 2));
        Assert.Throws<InvalidOperationException>(() => Volume.Release(InodeNumber.Root));
    }

    [Fact]
    public void Release_StillHasAName_KeepsTheInode()
    {
        InodeNumber file = _fixture.Create("a", hold: true);
        Assert.Equal(Errno.None, Volume.Release(file));
        Assert.Equal(file, _fixture.Find("a"));
    }

    [Fact]
    public void ReadDirectoryEntries_Holding_HoldsWhatWasTaken()
    {
        InodeNumber file = _fixture.Create("a");
        List<TestKit.ListedEntry> entries = [];
        var collector = new TestKit.EntryCollector(entries, 10);
        Assert.Equal(Errno.None, Volume.ReadDirectoryEntries(InodeNumber.Root, 0, ref collector, hold: true));
        _fixture.Unlink("a");
        Assert.Equal(0U, _fixture.Attributes(file).LinkCount);
        Volume.Release(file);
        Assert.Equal(Errno.ESTALE, Volume.GetAttributes(file, out _));
        Assert.Equal(0, Volume.Core.References.Count);
    }

    [Fact]
    public void Restart_WithOrphans_DeletesThem()
    {
        InodeNumber open = _fixture.Create("a", hold: true);
        Volume.SetXattr(open, "user.a"u8, new byte[60000]);
        Assert.Equal(Errno.None, Volume.TemporaryFile(InodeNumber.Root, 0x180, VolumeFixture.User, out InodeEntry temporary));
        InodeNumber directory = _fixture.MakeDirectory("d");
        Volume.Hold(directory);
        Volume.RemoveDirectory(InodeNumber.Root, "d"u8);
        _fixture.Unlink("a");
        Assert.Equal(4UL, Volume.InodeCount);
        _fixture.Restart();
        foreach (InodeNumber gone in new[] { open, temporary.Number, directory })
        {
            Assert.Equal(Errno.ESTALE, Volume.GetAttributes(gone, out _));
        }

        Assert.Equal(1UL, Volume.InodeCount);
        Assert.Single(TreeItems.Read(_fixture));
    }

    [Fact]
    public void TemporaryFile_Linked_IsAFileLikeOthers()
    {
        Assert.Equal(Errno.None, Volume.TemporaryFile(InodeNumber.Root, 0x180, VolumeFixture.User, out InodeEntry temporary));
        Assert.Equal((0U, 0x8180U), (temporary.Attributes.LinkCount, temporary.Attributes.Mode));
        Assert.Empty(_fixture.Names());
        Assert.Equal(Errno.None, Volume.Link(temporary.Number, InodeNumber.Root, "now"u8, out InodeEntry linked));
        Assert.Equal(1U, linked.Attributes.LinkCount);
        Assert.Equal(Errno.None, Volume.Release(temporary.Number));
        Assert.Equal(temporary.Number, _fixture.Find("now"));
        _fixture.Restart();
        Assert.Equal(temporary.Number, _fixture.Find("now"));
    }

    [Fact]
    public void TemporaryFile_Released_IsGone()
    {
        Assert.Equal(Errno.None, Volume.TemporaryFile(InodeNumber.Root, 0x180, VolumeFixture.User, out InodeEntry temporary));
        Assert.Equal(Errno.None, Volume.Release(temporary.Number));
        Assert.Single(TreeItems.Read(_fixture));
    }

    [Fact]
    public void Unlink_ManyItems_LeavesTheRestForLaterAndSurvivesARestart()
    {
        InodeNumber file = _fixture.Create("a");
        for (int index = 0; index < 1000; index++)
        {
            Volume.SetXattr(file, VolumeFixture.Name($"user.{index}"), [1]);
        }

        _fixture.Unlink("a");
        Assert.Equal(1, Volume.PendingDeletionCount);
        int left = TreeItems.Read(_fixture).Count;
        Assert.InRange(left, 500, 1000);
        Assert.Equal(Errno.None, Volume.DeleteOrphans(3));
        Assert.InRange(TreeItems.Read(_fixture).Count, 500, left - 1);
        Assert.Equal(1, Volume.PendingDeletionCount);
        _fixture.Restart();
        Assert.Equal(0, Volume.PendingDeletionCount);
        Assert.Single(TreeItems.Read(_fixture));
    }

    [Fact]
    public void Delete_File_GivesEveryExtentBack()
    {
        var data = new RecordingFileData();
        Volume.Core.Data = data;
        InodeNumber file = _fixture.Create("a");
        var space = new ExtentPlanting { Inode = file, Count = 100 };
        Assert.Equal(Errno.None, Volume.Core.Change(ref space));
        _fixture.Unlink("a");
        Assert.Equal(Errno.None, Volume.DeleteOrphans());
        Assert.Equal(Enumerable.Range(0, 100).Select(index => new BlockNumber(1000 + (ulong)index)), data.Released.Order());
        Assert.Single(TreeItems.Read(_fixture));
    }

    private sealed class RecordingFileData : IFileData
    {
        public List<BlockNumber> Released { get; } = [];

        public bool PrepareRelease(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent) => true;

        public void Release(ref VolumeTransaction transaction, InodeNumber inode, scoped in ExtentItem extent) => Released.Add(extent.Block);

        public void Forget(InodeNumber inode)
        {
        }

        public Errno FinishTruncation(InodeNumber inode, ref int sliceCount, out bool isFinished)
        {
            isFinished = true;
            return Errno.None;
        }
    }

    private struct ExtentPlanting : IVolumeChange
    {
        public InodeNumber Inode;
        public int Count;

        public readonly bool Prepare(ref VolumeTransaction transaction)
        {
            for (int index = 0; index < Count; index++)
            {
                if (!transaction.WillPut(Key(index), ExtentItem.MaxBytes))
                {
                    return false;
                }
            }

            return true;
        }

        public readonly void Apply(ref VolumeTransaction transaction)
        {
            Span<byte> value = stackalloc byte[ExtentItem.MaxBytes];
            for (int index = 0; index < Count; index++)
            {
                var extent = new ExtentItem(new BlockNumber(1000 + (ulong)index), 1, 1, ExtentFlags.None, [7]);
                transaction.Put(Key(index), extent.Write(value));
            }
        }

        private readonly TreeKey Key(int index) => FileKey.Of(Inode, ItemType.Extent, (ulong)index * 10);
    }
}
