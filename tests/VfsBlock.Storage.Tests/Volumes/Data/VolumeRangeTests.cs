using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>What single operations on ranges of files answer, and what they leave behind.</summary>
public class VolumeRangeTests : IDisposable
{
    private const int BlockBytes = DataFixture.BlockBytes;
    private const ulong TooFar = InodeItem.MaxSizeBytes;

    private readonly DataFixture _fixture;

    public VolumeRangeTests()
        : this(VolumeGround.Simulated)
    {
    }

    internal VolumeRangeTests(VolumeGround ground) => _fixture = new DataFixture(ground: ground);

    private Volume Volume => _fixture.Open;

    public void Dispose()
    {
        _fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Operations_OnADirectory_AreRefused()
    {
        InodeNumber file = _fixture.Create("file");
        foreach (Errno error in All(InodeNumber.Root, file))
        {
            Assert.Equal(Errno.EISDIR, error);
        }
    }

    [Fact]
    public void Operations_OnAFifo_AreRefused()
    {
        InodeNumber file = _fixture.Create("file");
        Assert.Equal(Errno.None, Volume.Symlink(InodeNumber.Root, "link"u8, "target"u8, default, out InodeEntry link));
        foreach (Errno error in All(link.Number, file))
        {
            Assert.Equal(Errno.ENODEV, error);
        }
    }

    [Fact]
    public void Operations_OnADeletedFile_AreStale()
    {
        InodeNumber gone = _fixture.Create("gone");
        InodeNumber file = _fixture.Create("file");
        _fixture.Unlink("gone");
        foreach (Errno error in All(gone, file))
        {
            Assert.Equal(Errno.ESTALE, error);
        }
    }

    [Fact]
    public void Ranges_EmptyOrTooFar_AreRefused()
    {
        InodeNumber file = _fixture.Create("file");
        Assert.Equal(Errno.EINVAL, Volume.Allocate(file, 0, 0, keepsSize: false));
        Assert.Equal(Errno.EINVAL, Volume.PunchHole(file, 0, 0));
        Assert.Equal(Errno.EINVAL, Volume.ZeroRange(file, 0, 0, keepsSize: false));
        Assert.Equal(Errno.EFBIG, Volume.Allocate(file, TooFar, 1, keepsSize: false));
        Assert.Equal(Errno.EFBIG, Volume.PunchHole(file, 1, TooFar));
        Assert.Equal(Errno.EFBIG, Volume.ZeroRange(file, ulong.MaxValue, 1, keepsSize: true));
    }

    [Theory]
    [InlineData(1, BlockBytes)]
    [InlineData(BlockBytes, BlockBytes + 1)]
    [InlineData(2 * BlockBytes, BlockBytes)]
    [InlineData(3 * BlockBytes, BlockBytes)]
    [InlineData(0, 0)]
    public void CollapseRange_UnalignedOrToTheEnd_IsInvalid(ulong offset, ulong length)
    {
        InodeNumber file = _fixture.Create("file");
        _fixture.Write(file, 0, DataFixture.Pattern(3 * BlockBytes, 1));
        Assert.Equal(Errno.EINVAL, Volume.CollapseRange(file, offset, length));
    }

    [Fact]
    public void InsertRange_UnalignedOrAtTheEnd_IsInvalid()
    {
        InodeNumber file = _fixture.Create("file");
        _fixture.Write(file, 0, DataFixture.Pattern(BlockBytes, 1));
        Assert.Equal(Errno.EINVAL, Volume.InsertRange(file, 1, BlockBytes));
        Assert.Equal(Errno.EINVAL, Volume.InsertRange(file, 0, 100));
        Assert.Equal(Errno.EINVAL, Volume.InsertRange(file, BlockBytes, BlockBytes));
        Assert.Equal(Errno.EFBIG, Volume.InsertRange(file, 0, TooFar & ~(ulong)(BlockBytes - 1)));
    }

    [Fact]
    public void InsertRange_InASmallFile_MovesItsBytes()
    {
        InodeNumber file = _fixture.Create("file");
        byte[] data = DataFixture.Pattern(100, 1);
        _fixture.Write(file, 0, data);
        Assert.Equal(Errno.None, Volume.InsertRange(file, 0, BlockBytes));
        _fixture.AssertContent(file, [.. new byte[BlockBytes], .. data]);
        Assert.Equal(Errno.None, Volume.CollapseRange(file, 0, BlockBytes));
        _fixture.AssertContent(file, data);
    }

    [Fact]
    public void CollapseRange_OfAFileInVeryManyExtents_IsTooBig()
    {
        InodeNumber file = _fixture.Create("file");
        for (int index = 0; index <= ShiftChange.MaxExtents; index++)
        {
            _fixture.Write(file, (2 * index * BlockBytes) + BlockBytes, [1]);
        }

        Assert.Equal(Errno.EFBIG, Volume.CollapseRange(file, 0, BlockBytes));
        Assert.Equal(Errno.EFBIG, Volume.InsertRange(file, 0, BlockBytes));
        Assert.Equal(Errno.None, Volume.CollapseRange(file, 4 * BlockBytes, BlockBytes));
    }

    [Fact]
    public void Seek_OverAllKindsOfBlocks_FindsWrittenOnes()
    {
        InodeNumber file = _fixture.Create("file");
        _fixture.Write(file, 2 * BlockBytes, DataFixture.Pattern(BlockBytes, 1));
        Assert.Equal(Errno.None, Volume.Checkpoint());
        Assert.Equal(Errno.None, Volume.Allocate(file, 4 * BlockBytes, 4 * BlockBytes, keepsSize: false));
        _fixture.Write(file, 6 * BlockBytes, [1]);

        AssertSeek(file, 0, 2 * BlockBytes, 0);
        AssertSeek(file, (2 * BlockBytes) + 5, (2 * BlockBytes) + 5, 3 * BlockBytes);
        AssertSeek(file, 3 * BlockBytes, 6 * BlockBytes, 3 * BlockBytes);
        AssertSeek(file, 6 * BlockBytes, 6 * BlockBytes, 7 * BlockBytes);
        Assert.Equal(Errno.ENXIO, Volume.SeekData(file, 7 * BlockBytes, out _));
        Assert.Equal(Errno.ENXIO, Volume.SeekHole(file, 8 * BlockBytes, out _));
    }

    [Fact]
    public void Seek_InASmallFile_FindsDataUpToItsEnd()
    {
        InodeNumber file = _fixture.Create("file");
        _fixture.Write(file, 0, DataFixture.Pattern(100, 1));
        AssertSeek(file, 7, 7, 100);
        Assert.Equal(Errno.ENXIO, Volume.SeekData(file, 100, out _));
    }

    [Fact]
    public void Allocate_KeepingTheSize_CountsBlocksAndShowsZerosLater()
    {
        InodeNumber file = _fixture.Create("file");
        byte[] data = DataFixture.Pattern(100, 1);
        _fixture.Write(file, 0, data);
        Assert.Equal(Errno.None, Volume.Allocate(file, 0, 100 * BlockBytes, keepsSize: true));
        Assert.Equal(Errno.None, Volume.Sync());
        Assert.Equal(100UL, _fixture.Attributes(file).BlockCount);
        Assert.Equal(100UL, _fixture.Attributes(file).SizeBytes);
        Assert.Equal(Errno.None, Volume.SetSize(file, 3 * BlockBytes));
        _fixture.AssertContent(file, [.. data, .. new byte[(3 * BlockBytes) - 100]]);
        Assert.Equal(Errno.None, Volume.PunchHole(file, 0, 200 * BlockBytes));
        Assert.Equal(0UL, _fixture.Attributes(file).BlockCount);
    }

    [Fact]
    public void Write_WhereSpaceWasSetAside_KeepsThatSpace()
    {
        InodeNumber file = _fixture.Create("file");
        Assert.Equal(Errno.None, Volume.Allocate(file, 0, 64 * BlockBytes, keepsSize: false));
        VolumeStatistics before = _fixture.Settle();
        byte[] data = DataFixture.Pattern(64 * BlockBytes, 1);
        _fixture.Write(file, 0, data);
        VolumeStatistics after = _fixture.Settle();
        Assert.Equal(before.DataBlocks, after.DataBlocks);
        Assert.Equal(64UL, _fixture.Attributes(file).BlockCount);
        using Volume crashed = _fixture.Crashed();
        DataFixture.AssertContent(crashed, file, data);
    }

    [Fact]
    public void Write_WhereSpaceWasSetAsideOnAFullVolume_FindsIt()
    {
        using var fixture = new DataFixture(sizeLimitBytes: 24 << 20);
        InodeNumber file = fixture.Create("file");
        Assert.Equal(Errno.None, fixture.Open.Allocate(file, 0, 256 * BlockBytes, keepsSize: false));
        InodeNumber filler = fixture.Create("filler");
        byte[] piece = DataFixture.Pattern(64 * BlockBytes, 2);
        long offset = 0;
        while (fixture.Open.Write(filler, (ulong)offset, piece) is { Succeeded: true })
        {
            offset += piece.Length;
        }

        Assert.Equal(Errno.ENOSPC, fixture.Open.Write(filler, (ulong)offset, piece).Error);
        byte[] data = DataFixture.Pattern(256 * BlockBytes, 1);
        fixture.Write(file, 0, data);
        Assert.Equal(Errno.None, fixture.Open.Sync());
        fixture.Reopen();
        fixture.AssertContent(file, data);
    }

    [Fact]
    public void ReadWriteAndPunch_EachCall_AllocateNothing()
    {
        InodeNumber file = _fixture.Create("file");
        byte[] data = DataFixture.Pattern(10_000, 1);
        AllocationProbe.AssertNone(() =>
        {
            if (!Volume.Write(file, 5000, data).Succeeded || !Volume.Read(file, 0, data).Succeeded || Volume.PunchHole(file, 6000, 9000) != Errno.None)
            {
                throw new InvalidOperationException("a call failed");
            }
        });
    }

    private void AssertSeek(InodeNumber file, ulong offset, ulong data, ulong hole)
    {
        Assert.Equal(Errno.None, Volume.SeekData(file, offset, out ulong found));
        Assert.Equal(data, found);
        Assert.Equal(Errno.None, Volume.SeekHole(file, offset, out found));
        Assert.Equal(hole, found);
    }

    private Errno[] All(InodeNumber inode, InodeNumber file) =>
    [
        Volume.Allocate(inode, 0, 1, keepsSize: false),
        Volume.PunchHole(inode, 0, 1),
        Volume.ZeroRange(inode, 0, 1, keepsSize: true),
        Volume.CollapseRange(inode, 0, BlockBytes),
        Volume.InsertRange(inode, 0, BlockBytes),
        Volume.SeekData(inode, 0, out _),
        Volume.SeekHole(inode, 0, out _),
        Volume.CopyRange(inode, 0, file, 0, 1, out _),
        Volume.CopyRange(file, 0, inode, 0, 1, out _),
    ];
}
