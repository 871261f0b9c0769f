using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>What holds of every operation: the log repeats it, and a refused one changes nothing.</summary>
public sealed class VolumeRunnerTests(ITestOutputHelper output)
{
    [Fact]
    public void Log_Replayed_MakesTheSameTree()
    {
        int seed = RandomSeed.Take(output);
        using var log = new RecordingLog();
        using var fixture = new VolumeFixture(log: log);
        var model = new ModelVolume(fixture.Clock, 0x1ED, VolumeFixture.User);
        var workload = new NamespaceWorkload(new Random(seed), fixture.Volume, model, fixture.Clock);
        for (int step = 0; step < 3000; step++)
        {
            workload.Step();
            if (step % 100 == 0)
            {
                TreeModelAssert.Same(TreeItems.Read(fixture.Volume.Core.Files), TreeItems.Read(log.Replayed));
            }
        }

        Assert.Equal(fixture.Volume.Core.NextInode, log.NextInode);
        Assert.True(log.TransactionCount > 1000);
    }

    [Fact]
    public void Change_LogIsFull_MakesRoomAndGoesOn()
    {
        using var log = new RecordingLog();
        using var fixture = new VolumeFixture(log: log);
        log.RefusalCount = 1;
        Assert.Equal(Errno.EBUSY, fixture.Volume.Create(InodeNumber.Root, "a"u8, 0, default, out _));
        int madeCount = 0;
        fixture.Volume.Core.MakeRoom = () =>
        {
            madeCount++;
            return Errno.None;
        };
        log.RefusalCount = 2;
        fixture.Create("a");
        Assert.Equal(2, madeCount);
        fixture.Volume.Core.MakeRoom = () => Errno.EIO;
        log.RefusalCount = 1;
        Assert.Equal(Errno.EIO, fixture.Volume.Create(InodeNumber.Root, "b"u8, 0, default, out _));
        Assert.Equal(["a"], fixture.Names());
    }

    [Fact]
    public void Change_ImageIsFull_RefusesAndChangesNothing()
    {
        using var fixture = new VolumeFixture();
        InodeNumber directory = fixture.MakeDirectory("d");
        fixture.Create("a", directory);
        fixture.Commit();
        SortedDictionary<TreeKey, byte[]> before = TreeItems.Read(fixture);
        fixture.Store.Limit = fixture.Store.LiveCount;
        Assert.Equal(Errno.ENOSPC, fixture.Volume.Create(directory, "b"u8, 0, default, out _));
        Assert.Equal(Errno.ENOSPC, fixture.Volume.MakeDirectory(directory, "b"u8, 0, default, out _));
        Assert.Equal(Errno.ENOSPC, fixture.Rename("a", "b", directory));
        Assert.Equal(Errno.ENOSPC, fixture.Volume.SetXattr(directory, "user.a"u8, [1]));
        Assert.Equal(Errno.ENOSPC, fixture.Volume.TemporaryFile(directory, 0, default, out _));
        TreeModelAssert.Same(before, TreeItems.Read(fixture));
        Assert.Equal(0, fixture.Volume.Core.References.Count);
        fixture.Store.Limit = int.MaxValue;
        Assert.Equal(new InodeNumber(4), fixture.Create("b", directory));
    }

    [Fact]
    public void Change_ImageIsFull_CanStillDelete()
    {
        using var fixture = new VolumeFixture();
        InodeNumber directory = fixture.MakeDirectory("d");
        InodeNumber file = fixture.Create("a", directory, hold: true);
        fixture.Volume.SetXattr(file, "user.a"u8, new byte[5000]);
        fixture.Commit();
        fixture.Store.Limit = 0;
        Assert.Equal(Errno.ENOSPC, fixture.Volume.Create(directory, "b"u8, 0, default, out _));
        Assert.Equal(Errno.None, fixture.Volume.RemoveXattr(file, "user.a"u8));
        fixture.Unlink("a", directory);
        Assert.Equal(Errno.None, fixture.Volume.Release(file));
        Assert.Equal(Errno.None, fixture.Volume.RemoveDirectory(InodeNumber.Root, "d"u8));
        Assert.Single(TreeItems.Read(fixture));
    }

    [Fact]
    public void Deletion_NoNodesAtAll_WaitsInTheQueue()
    {
        using var fixture = new VolumeFixture();
        InodeNumber file = fixture.Create("a", hold: true);
        fixture.Unlink("a");
        fixture.Commit();
        fixture.Store.UrgentLimit = 0;
        Assert.Equal(Errno.None, fixture.Volume.Release(file));
        Assert.Equal(1, fixture.Volume.PendingDeletionCount);
        Assert.Equal(Errno.ENOSPC, fixture.Volume.DeleteOrphans());
        Assert.Equal(1, fixture.Volume.PendingDeletionCount);
        fixture.Store.UrgentLimit = int.MaxValue;
        Assert.Equal(Errno.None, fixture.Volume.DeleteOrphans());
        Assert.Single(TreeItems.Read(fixture));
    }

    [Fact]
    public void Change_ThatThrows_IsTheLast()
    {
        using var fixture = new VolumeFixture();
        Assert.Throws<InvalidOperationException>(() =>
        {
            var broken = new Unannounced();
            return fixture.Volume.Core.Change(ref broken);
        });
        Assert.Equal(Errno.EIO, fixture.Volume.Create(InodeNumber.Root, "a"u8, 0, default, out _));
        Assert.Equal(Errno.None, fixture.Volume.GetAttributes(InodeNumber.Root, out _));
    }

    [Fact]
    public void Queries_DuringChanges_SeeWholeOnes()
    {
        using var fixture = new VolumeFixture();
        fixture.Create("one");
        InodeNumber two = fixture.MakeDirectory("two");
        using var stop = new CancellationTokenSource();
        int foundBoth = 0;
        var readers = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                List<ListedEntry> entries = VolumeListing.ReadAll(fixture.Volume, InodeNumber.Root);
                if (entries.Count != 4 || entries.Select(entry => entry.Number).Distinct().Count() != 3)
                {
                    Interlocked.Increment(ref foundBoth);
                }
            }
        })).ToList();
        readers.ForEach(reader => reader.Start());
        for (int round = 0; round < 5000; round++)
        {
            fixture.Rename("one", "two", flags: RenameFlags.Exchange);
            fixture.Rename("two", "one", flags: RenameFlags.Exchange);
        }

        stop.Cancel();
        readers.ForEach(reader => Assert.True(reader.Join(TimeSpan.FromSeconds(60))));
        Assert.Equal(0, foundBoth);
        Assert.Equal(two, fixture.Find("two"));
    }

    private struct Unannounced : IVolumeChange
    {
        public readonly bool Prepare(ref VolumeTransaction transaction) => true;

        public readonly void Apply(ref VolumeTransaction transaction) => transaction.Delete(FileKey.Of(InodeNumber.Root, ItemType.Inode));
    }
}
