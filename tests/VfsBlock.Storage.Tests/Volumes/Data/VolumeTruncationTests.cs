using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>Files of more extents than one change takes, and the space of files that go.</summary>
public class VolumeTruncationTests : IDisposable
{
    private const int BlockBytes = DataFixture.BlockBytes;
    private const int ExtentCount = 40;

    private readonly DataFixture _fixture;

    public VolumeTruncationTests()
        : this(VolumeGround.Simulated)
    {
    }

    internal VolumeTruncationTests(VolumeGround ground) => _fixture = new DataFixture(new VolumeOptions { MaxExtentsPerChange = 3 }, ground: ground);

    private Volume Volume => _fixture.Open;

    public void Dispose()
    {
        _fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void SetSize_OfAFileInManyExtents_IsTheNewSizeAtOnceAfterACrash()
    {
        InodeNumber file = Fragmented("file");
        Assert.Equal(Errno.None, Volume.SetSize(file, 100));
        Assert.Equal(1, Volume.PendingDeletionCount);
        using Volume crashed = _fixture.Crashed();
        Assert.Equal(Errno.None, crashed.GetAttributes(file, out InodeItem item));
        Assert.Equal(100UL, item.SizeBytes);
        Assert.True(item.BlockCount > 1);
        Assert.Equal(Errno.None, crashed.DeleteOrphans());
        Assert.Equal(Errno.None, crashed.GetAttributes(file, out item));
        Assert.Equal(1UL, item.BlockCount);
        Assert.Equal(1UL, crashed.GetStatistics().DataBlocks);
    }

    [Fact]
    public void Growth_AfterATruncationThatIsNotFinished_ShowsZeros()
    {
        byte[] expected = new byte[2 * ExtentCount * BlockBytes];
        InodeNumber file = Fragmented("file");
        Assert.Equal(Errno.None, Volume.SetSize(file, 0));
        Assert.Equal(Errno.None, Volume.SetSize(file, (ulong)expected.Length));
        _fixture.AssertContent(file, expected);

        file = Fragmented("other");
        Assert.Equal(Errno.None, Volume.SetSize(file, 0));
        _fixture.Write(file, expected.Length - 1, [9]);
        expected[^1] = 9;
        _fixture.AssertContent(file, expected);
        Assert.Equal(Errno.None, Volume.DeleteOrphans());
        _fixture.AssertContent(file, expected);
    }

    [Fact]
    public void Unlink_DuringATruncation_FreesEverything()
    {
        Fragmented("file");
        InodeNumber file = Fragmented("held");
        Assert.Equal(Errno.None, Volume.Hold(file));
        Assert.Equal(Errno.None, Volume.SetSize(file, 5));
        _fixture.Unlink("held");
        Assert.Equal(Errno.None, Volume.Release(file));
        _fixture.Unlink("file");
        Assert.Equal(0UL, _fixture.Settle().DataBlocks);
        Assert.Equal(0, Volume.PendingDeletionCount);
    }

    [Fact]
    public void Deletion_OfAllThatWasCreated_LeavesAnEmptyVolume()
    {
        VolumeStatistics empty = _fixture.Settle();
        for (int round = 0; round < 20; round++)
        {
            Fragmented("fragmented");
            InodeNumber large = _fixture.Create("large");
            _fixture.Write(large, 0, DataFixture.Pattern(500_000, round));
            Assert.Equal(Errno.None, Volume.Allocate(large, 600_000, 600_000, keepsSize: round % 2 == 0));
            InodeNumber dirty = _fixture.Create("dirty");
            Assert.Equal(Errno.None, Volume.CopyRange(large, 0, dirty, 0, 500_000, out _));
            _fixture.Write(dirty, 250_000, DataFixture.Pattern(100_000, round));
            _fixture.Unlink("fragmented");
            _fixture.Unlink("large");
            _fixture.Unlink("dirty");
            VolumeStatistics after = _fixture.Settle();
            Assert.Equal(empty, after);
        }
    }

    private InodeNumber Fragmented(string name)
    {
        InodeNumber file = _fixture.Create(name);
        for (int index = 0; index < ExtentCount; index++)
        {
            _fixture.Write(file, 2 * index * BlockBytes, [1, 2, 3]);
        }

        Assert.Equal(Errno.None, Volume.Sync());
        return file;
    }
}
