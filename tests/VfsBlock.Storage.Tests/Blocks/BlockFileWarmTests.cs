using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>Free blocks that the host has space for: where they come from, who gets them, and that none is lost by it.</summary>
public sealed class BlockFileWarmTests : IDisposable
{
    // What the limit of 1/32 of the image leaves of a step of zeros written ahead.
    private const int ImageBlocks = 16384;

    private readonly BlockFileFixture _image = new();

    public BlockFileWarmTests()
    {
        // Large enough that the limits do not matter; a run that stays.
        Assert.Equal(Errno.None, _image.File.TryAllocateRun(AllocationStream.LargeData(1), ImageBlocks, ImageBlocks, AllocationRight.Ordinary, out _));
        Assert.Equal(Errno.None, _image.File.Sync());
    }

    public void Dispose() => _image.Dispose();

    [Fact]
    public void WantsWriteAhead_AFewSyncedBlocks_IsNotYetWorthIt()
    {
        Assert.False(_image.File.WantsWriteAhead);
        TakeSynced(31);
        Assert.False(_image.File.WantsWriteAhead);
        TakeSynced(1);
        Assert.True(_image.File.WantsWriteAhead);
    }

    [Fact]
    public void WriteAhead_SyncedBlocks_AreThoseThatWereWritten()
    {
        Warm();
        Assert.InRange(_image.File.WarmBlockCount, 256, 1024);
        long before = _image.File.AvailableBlockCount(AllocationRight.Ordinary);
        int warm = _image.File.WarmBlockCount;
        Assert.Equal(Errno.None, _image.File.TryAllocateRun(AllocationStream.SyncedData, 3, 1, AllocationRight.Ordinary, out BlockRun run));
        Assert.Equal(3, run.BlockCount);
        Assert.Equal(warm - 3, _image.File.WarmBlockCount);
        Assert.Equal(before - 3, _image.File.AvailableBlockCount(AllocationRight.Ordinary));
        Assert.Equal(Errno.None, _image.File.TryAllocateRun(AllocationStream.SmallData, 3, 1, AllocationRight.Ordinary, out BlockRun other));
        Assert.Equal(warm - 3, _image.File.WarmBlockCount);
        Assert.NotEqual(run.End, other.First);
    }

    [Fact]
    public void WriteAhead_TheDeviceRefuses_LosesNoSpaceAndIsTriedAgainAfterTheNextCommit()
    {
        TakeSynced(32);
        long before = _image.File.AvailableBlockCount(AllocationRight.Ordinary);
        _image.Device.WriteError = Errno.ENOSPC;
        _image.File.WriteAhead();
        Assert.False(_image.File.WantsWriteAhead);
        Assert.Equal(before, _image.File.AvailableBlockCount(AllocationRight.Ordinary));
        Assert.Equal(0, _image.File.WarmBlockCount);

        _image.Device.WriteError = Errno.None;
        Assert.Equal(Errno.None, _image.File.Sync());
        TakeSynced(32);
        Assert.True(_image.File.WantsWriteAhead);
    }

    [Fact]
    public void Sync_SyncedBlocksThatWereFreed_AreKeptInsteadOfDiscarded()
    {
        Assert.Equal(Errno.None, _image.File.TryAllocateRun(AllocationStream.SmallData, 1024, 1024, AllocationRight.Ordinary, out BlockRun old));
        Assert.Equal(Errno.None, _image.File.Sync());
        Assert.Equal(Errno.None, _image.File.Free(old.First, old.BlockCount));
        Assert.Equal(Errno.None, _image.File.Sync());

        // Not before the commit that makes them available.
        List<BlockRun> taken = TakeSynced(800);
        Assert.DoesNotContain(taken, run => Overlap(run, old));
        long discarded = _image.Device.DiscardedBytes;
        Assert.Equal(Errno.None, _image.File.Sync());
        Assert.Equal(800, _image.File.WarmBlockCount);
        Assert.Equal((1024 - 800) * 4096, _image.Device.DiscardedBytes - discarded);
        Assert.Equal(0, _image.File.PendingFreeBlockCount);
        Assert.All(TakeSynced(800), run => Assert.True(Overlap(run, old)));
    }

    [Fact]
    public void Sync_NobodyAskedForWarmBlocks_GivesThemBackToTheHost()
    {
        Warm();
        int warm = _image.File.WarmBlockCount;
        Assert.Equal(Errno.None, _image.File.Sync());
        Assert.InRange(_image.File.WarmBlockCount, 256, warm);
        long available = _image.File.AvailableBlockCount(AllocationRight.Ordinary);
        warm = _image.File.WarmBlockCount;
        long discarded = _image.Device.DiscardedBytes;
        Assert.Equal(Errno.None, _image.File.Sync());
        Assert.Equal(0, _image.File.WarmBlockCount);
        Assert.Equal(warm * 4096L, _image.Device.DiscardedBytes - discarded);
        Assert.Equal(available, _image.File.AvailableBlockCount(AllocationRight.Ordinary));
        Assert.Equal(0, _image.File.PendingFreeBlockCount);
    }

    [Fact]
    public void DiscardWarm_BlocksAreKept_GivesThemBackToTheHostAndToEverybody()
    {
        Warm();
        long available = _image.File.AvailableBlockCount(AllocationRight.Ordinary);
        long discarded = _image.Device.DiscardedBytes;
        int warm = _image.File.WarmBlockCount;
        _image.File.DiscardWarm();
        Assert.Equal(0, _image.File.WarmBlockCount);
        Assert.Equal(warm * 4096L, _image.Device.DiscardedBytes - discarded);
        Assert.Equal(available, _image.File.AvailableBlockCount(AllocationRight.Ordinary));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public void Allocate_NothingElseIsFree_GetsTheWarmBlocks(int runBlocks)
    {
        using var full = new BlockFileFixture(format: new BlockFileFormat { SizeLimitBytes = 128 << 20 });
        BlockFile file = full.File;
        Assert.Equal(Errno.None, file.TryAllocateRun(AllocationStream.LargeData(1), ImageBlocks, ImageBlocks, AllocationRight.Ordinary, out _));
        TakeSynced(file, 32);
        Warm(file);
        long available = file.AvailableBlockCount(AllocationRight.Deleting);
        long taken = 0;
        while (file.TryAllocateRun(AllocationStream.Metadata, runBlocks, 1, AllocationRight.Deleting, out BlockRun run) == Errno.None)
        {
            taken += run.BlockCount;
        }

        Assert.Equal(available, taken);
        Assert.Equal(0, file.WarmBlockCount);
        Assert.False(file.WantsWriteAhead);
    }

    [Fact]
    public void Reserve_WhatIsWarm_CanBePromisedAndTaken()
    {
        using var full = new BlockFileFixture(format: new BlockFileFormat { SizeLimitBytes = 128 << 20 });
        BlockFile file = full.File;
        Assert.Equal(Errno.None, file.TryAllocateRun(AllocationStream.LargeData(1), ImageBlocks, ImageBlocks, AllocationRight.Ordinary, out _));
        TakeSynced(file, 32);
        Warm(file);
        int rest = (int)file.AvailableBlockCount(AllocationRight.Ordinary);
        Assert.Equal(Errno.None, file.Reserve(rest));
        Assert.Equal(Errno.ENOSPC, file.Reserve(1));
        for (int taken = 0; taken < rest;)
        {
            Assert.Equal(Errno.None, file.HoldReserved(AllocationStream.LargeData(2), rest - taken, out BlockRun run));
            taken += run.BlockCount;
        }
    }

    /// <summary>No run is long enough but the warm ones: they must not be written over and over again.</summary>
    [Fact]
    public void WriteAhead_NothingElseIsLongEnough_EndsAndKeepsWhatIsWarm()
    {
        using var full = new BlockFileFixture(format: new BlockFileFormat { SizeLimitBytes = 128 << 20 });
        BlockFile file = full.File;
        List<BlockRun> small = [];
        Assert.Equal(Errno.None, file.TryAllocateRun(AllocationStream.SmallData, 100, 100, AllocationRight.Ordinary, out BlockRun old));
        while (file.TryAllocateRun(AllocationStream.SmallData, 8, 8, AllocationRight.Deleting, out BlockRun run) == Errno.None)
        {
            small.Add(run);
        }

        // Free space in pieces of 32 KiB, more than a third of the image.
        for (int index = 0; index < small.Count; index += 2)
        {
            Assert.Equal(Errno.None, file.Free(small[index].First, small[index].BlockCount));
        }

        Assert.Equal(Errno.None, file.Sync());
        Assert.Equal(Errno.None, file.Sync());
        TakeSynced(file, 32);
        Assert.Equal(Errno.None, file.Free(old.First, old.BlockCount));
        Assert.Equal(Errno.None, file.Sync());
        TakeSynced(file, 32);
        Assert.Equal(Errno.None, file.Sync());
        int warm = file.WarmBlockCount;
        Assert.NotEqual(0, warm);
        TakeSynced(file, 32);
        int count = 0;
        for (; file.WantsWriteAhead && count < 1000; count++)
        {
            file.WriteAhead();
        }

        Assert.True(count < 1000, $"{count} times zeros, {file.WarmBlockCount} warm of {warm}");
        Assert.Equal(warm - 32, file.WarmBlockCount);
    }

    private static bool Overlap(BlockRun left, BlockRun right) => left.First.Value < right.End.Value && right.First.Value < left.End.Value;

    private void Warm()
    {
        TakeSynced(32);
        Warm(_image.File);
    }

    private static void Warm(BlockFile file)
    {
        while (file.WantsWriteAhead)
        {
            file.WriteAhead();
        }
    }

    private List<BlockRun> TakeSynced(int blockCount) => TakeSynced(_image.File, blockCount);

    private static List<BlockRun> TakeSynced(BlockFile file, int blockCount)
    {
        List<BlockRun> runs = [];
        for (int index = 0; index < blockCount; index++)
        {
            Assert.Equal(Errno.None, file.TryAllocateRun(AllocationStream.SyncedData, 1, 1, AllocationRight.Ordinary, out BlockRun run));
            runs.Add(run);
        }

        return runs;
    }
}
