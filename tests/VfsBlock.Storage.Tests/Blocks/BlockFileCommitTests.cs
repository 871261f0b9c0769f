using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>BF-16: what a commit promises, and what errors do to it.</summary>
public sealed class BlockFileCommitTests
{
    public static TheoryData<MetadataAccess> Sources => [MetadataAccess.Mapped, MetadataAccess.Pread];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Edit_BlockThatARootReaches_IsAtomicWithTheCommit(MetadataAccess source)
    {
        using BlockFileFixture image = new(source);
        BlockNumber block = image.Allocate(3);
        image.Fill(block, 3, 1);
        Assert.Equal(Errno.None, image.File.Sync());
        image.Fill(block, 3, 2);
        image.Reopen();
        image.AssertFilled(block, 3, 1);
        image.Fill(block, 3, 2);
        Assert.Equal(Errno.None, image.File.Sync());
        image.Reopen();
        image.AssertFilled(block, 3, 2);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Edit_DuringACommit_BelongsToTheNext(MetadataAccess source)
    {
        using BlockFileFixture image = new(source);
        BlockNumber block = image.Allocate();
        image.Fill(block, 1, 1);
        Assert.Equal(Errno.None, image.File.BeginCommit());
        image.Fill(block, 1, 2);
        Assert.Equal(Errno.None, image.File.WriteOut());
        image.File.Publish();
        image.AssertFilled(block, 1, 2);
        image.Reopen();
        image.AssertFilled(block, 1, 1);
    }

    [Fact]
    public void Sync_WriteLeaseIsOut_IsBusyAndWorksAfterwards()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate();
        Assert.Equal(Errno.None, image.File.Edit(block, 1, out BlockWriteLease lease));
        Assert.Equal(Errno.EBUSY, image.File.Edit(block, 1, out _));
        Assert.Equal(Errno.EBUSY, image.File.Free(block));
        Assert.Equal(Errno.EBUSY, image.File.Sync());
        lease.Dispose();
        Assert.Equal(Errno.None, image.File.Sync());
    }

    [Fact]
    public void Sync_FlushFails_IsEioForEverAndKeepsTheLastState()
    {
        using BlockFileFixture image = new();
        Assert.Equal(Errno.None, image.File.SetControlData([1]));
        image.Device.FlushError = Errno.ENOSPC;
        Assert.Equal(Errno.EIO, image.File.SetControlData([2]));
        image.Device.FlushError = Errno.None;
        Assert.Equal(Errno.EIO, image.File.Sync());
        Assert.Equal(Errno.EIO, image.File.Allocate(out _));
        image.Reopen();
        Assert.Equal([1], image.File.ControlData());
    }

    [Fact]
    public void Sync_WriteFails_CanBeTriedAgain()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate();
        image.Fill(block, 1, 3);
        image.Device.WriteError = Errno.ENOSPC;
        Assert.Equal(Errno.ENOSPC, image.File.Sync());
        image.Device.WriteError = Errno.None;
        image.Fill(block, 1, 4);
        Assert.Equal(Errno.None, image.File.Sync());
        image.Reopen();
        image.AssertFilled(block, 1, 4);
    }

    [Fact]
    public void Sync_FreedRun_IsPunchedOut()
    {
        using BlockFileFixture image = new();
        BlockNumber run = image.Allocate(64);
        Assert.Equal(Errno.None, image.File.Sync());
        Assert.Equal(Errno.None, image.File.Free(run, 64));
        Assert.Equal(Errno.None, image.File.Sync());
        Assert.Equal(0, image.Device.DiscardedBytes);
        Assert.Equal(Errno.None, image.File.Sync());
        Assert.Equal(64 * 4096, image.Device.DiscardedBytes);
    }

    [Fact]
    public void Sync_FreedBeforeItWasWritten_IsNeverWritten()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate();
        image.Fill(block, 1, 0xEE);
        Assert.Equal(Errno.None, image.File.Free(block));
        Assert.Equal(Errno.None, image.File.Sync());
        var bytes = new byte[4096];
        image.Device.Read(bytes, block.OffsetBytes(4096));
        Assert.Equal(-1, bytes.AsSpan().IndexOf((byte)0xEE));
    }

    [Fact]
    public void Sync_OnceMore_TakesTwoFlushes()
    {
        using BlockFileFixture image = new();
        image.Fill(image.Allocate(), 1, 1);
        int before = image.Device.FlushCount;
        Assert.Equal(Errno.None, image.File.Sync());
        Assert.Equal(2, image.Device.FlushCount - before);
    }

    [Fact]
    public void Open_NewestGenerationDamaged_GoesOnFromTheOneBefore()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate();
        image.Fill(block, 1, 1);
        Assert.Equal(Errno.None, image.File.Sync());
        image.Allocate();
        Assert.Equal(Errno.None, image.File.Sync());
        long pageOffset = new ImageLayout(4096).DescriptorOffsetBytes(0, 1);
        using var noise = new NativeBuffer(4096);
        noise.Span.Fill(0xFF);
        image.Device.Write(noise.Span, pageOffset);
        image.Reopen();
        Assert.Contains(image.Lines, line => line.Contains("is damaged; it goes on from generation", StringComparison.Ordinal));
        image.AssertFilled(block, 1, 1);
        image.Fill(image.Allocate(), 1, 2);
        Assert.Equal(Errno.None, image.File.Sync());
        image.Reopen();
        image.AssertFilled(block, 1, 1);
    }

    [Fact]
    public void Open_ReadOnlyWithARedoList_ShowsItAndWritesNothing()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate();
        image.Fill(block, 1, 1);
        Assert.Equal(Errno.None, image.File.Sync());
        image.Fill(block, 1, 2);
        Assert.Equal(Errno.None, image.File.Sync());

        // As after a cut just behind the root record: home is still old.
        using var old = new NativeBuffer(4096);
        old.Span.Fill(1);
        image.Device.Write(old.Span, block.OffsetBytes(4096));
        image.Device.WriteError = Errno.EIO;
        image.Reopen(isReadOnly: true);
        image.AssertFilled(block, 1, 2);
        image.Device.WriteError = Errno.None;
        image.Reopen();
        image.AssertFilled(block, 1, 2);
    }

    [Fact]
    [Trait("Demand", "BF-16")]
    public void Get_CountThatWraps_IsRefused()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate();
        Assert.Equal(Errno.EINVAL, image.File.Get(block, int.MaxValue, out _));
        Assert.Equal(Errno.EINVAL, image.File.Get(new BlockNumber(ulong.MaxValue), int.MaxValue, out _));
    }
}
