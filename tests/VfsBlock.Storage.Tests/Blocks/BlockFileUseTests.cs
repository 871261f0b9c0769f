using VfsBlock.Interop;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>BF-07..17, 19: allocating, freeing, leases, control data. Over both ways of reading.</summary>
public sealed class BlockFileUseTests
{
    public static TheoryData<MetadataAccess> Sources => [MetadataAccess.Mapped, MetadataAccess.Pread];

    [Fact]
    [Trait("Demand", "BF-07")]
    public void AllocateBlocks_CountThatMakesNoSense_IsRefused()
    {
        using BlockFileFixture image = new();
        long size = image.File.SizeBytes;
        Assert.Equal(Errno.EINVAL, image.File.AllocateBlocks(0, out _));
        Assert.Equal(Errno.EINVAL, image.File.AllocateBlocks(-1, out _));
        Assert.Equal(Errno.ENOSPC, image.File.AllocateBlocks(int.MaxValue, out _));
        Assert.Equal(size, image.File.SizeBytes);
    }

    [Theory]
    [Trait("Demand", "BF-08")]
    [MemberData(nameof(Sources))]
    public void AllocateBlocks_FreeRunOfThatLength_IsReused(MetadataAccess source)
    {
        using BlockFileFixture image = new(source);
        BlockNumber run = image.Allocate(16);
        image.Allocate();
        image.Fill(run, 16, 9);
        Assert.Equal(Errno.None, image.File.Sync());
        Assert.Equal(Errno.None, image.File.Free(run, 16));
        long size = image.File.SizeBytes;
        Assert.Equal(Errno.None, image.File.Sync());
        Assert.Equal(Errno.None, image.File.Sync());

        List<ulong> seen = [];
        while (image.File.SizeBytes == size && !seen.Contains(run.Value))
        {
            seen.Add(image.Allocate(16).Value);
        }

        Assert.Contains(run.Value, seen);
        image.AssertFilled(run, 16, 0);
    }

    [Fact]
    [Trait("Demand", "BF-09")]
    public void Free_ReachedByARoot_IsNotReusedBeforeTheCommit()
    {
        var format = new BlockFileFormat { SizeLimitBytes = 100 * 4096 };
        using BlockFileFixture image = new(format: format);
        List<BlockNumber> all = [];
        while (image.File.Allocate(out BlockNumber block) == Errno.None)
        {
            all.Add(block);
        }

        Assert.Equal(Errno.None, image.File.Sync());
        Assert.Equal(Errno.None, image.File.Free(all[0]));
        Assert.Equal(Errno.ENOSPC, image.File.Allocate(out _));
        Assert.Equal(1, image.File.PendingFreeBlockCount);
        Assert.Equal(Errno.None, image.File.Sync());
        List<BlockNumber> rest = [];
        while (image.File.TryAllocateRun(AllocationStream.Metadata, 1, 1, AllocationRight.Deleting, out BlockRun run) == Errno.None)
        {
            rest.Add(run.First);
        }

        Assert.Contains(all[0], rest);
    }

    [Fact]
    [Trait("Demand", "BF-10")]
    public void Free_Twice_IsRefusedAndHarmless()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate(2);
        Assert.Equal(Errno.None, image.File.Free(block));
        long free = image.File.FreeBlockCount;
        Assert.Equal(Errno.ENOENT, image.File.Free(block));
        Assert.Equal(Errno.ENOENT, image.File.Free(block, 2));
        Assert.Equal(free, image.File.FreeBlockCount);
    }

    [Theory]
    [Trait("Demand", "BF-11")]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(64, 1)]
    [InlineData(81, 1)]
    [InlineData(100, 0)]
    [InlineData(100, -1)]
    [InlineData(511, 8)]
    [InlineData(512, 1)]
    [InlineData(-1, 1)]
    [InlineData(-4, 8)]
    public void Free_WhatIsNobodys_IsRefused(long first, int blockCount)
    {
        using BlockFileFixture image = new();
        Assert.Equal(512 * 4096, image.File.SizeBytes);
        Assert.Equal(Errno.EINVAL, image.File.Free(new BlockNumber((ulong)first), blockCount));
        Assert.Equal(Errno.EINVAL, image.File.Get(new BlockNumber((ulong)first), blockCount, out _));
        Assert.Equal(Errno.EINVAL, image.File.Edit(new BlockNumber((ulong)first), blockCount, out _));
    }

    [Theory]
    [Trait("Demand", "BF-12")]
    [InlineData(0)]
    [InlineData(4097)]
    [InlineData(-4096)]
    [InlineData(long.MaxValue)]
    public void BlockAt_OffsetOfNoBlock_IsRefused(long offsetBytes)
    {
        using BlockFileFixture image = new();
        Assert.Equal(Errno.EINVAL, image.File.BlockAt(offsetBytes, out BlockNumber block));
        Assert.True(block.IsNone);
    }

    [Theory]
    [Trait("Demand", "BF-13")]
    [MemberData(nameof(Sources))]
    public void Get_ImageGrowsMeanwhile_StaysValid(MetadataAccess source)
    {
        using BlockFileFixture image = new(source);
        BlockNumber block = image.Allocate();
        image.Fill(block, 1, 5);
        Assert.Equal(Errno.None, image.File.Sync());
        image.Reopen();
        Assert.Equal(Errno.None, image.File.Get(block, 1, out BlockReadLease lease));
        nint address = image.File.Address;
        long size = image.File.SizeBytes;
        Assert.Equal(Errno.None, image.File.AllocateBlocks(5000, out _));
        Assert.True(image.File.SizeBytes > size);
        Assert.Equal(address, image.File.Address);
        Assert.Equal(source == MetadataAccess.Mapped, image.File.Valid(address));
        Assert.Equal(-1, lease.Span.IndexOfAnyExcept((byte)5));
        lease.Dispose();
    }

    [Fact]
    [Trait("Demand", "BF-14")]
    public void Close_LeaseIsOut_IsRefusedAndNamesTheOrigin()
    {
        using BlockFileFixture image = new(options: new BlockFileOptions { TracksLeases = true });
        BlockNumber block = image.Allocate();
        Assert.Equal(Errno.None, image.File.Get(block, 1, out BlockReadLease lease));
        Assert.Equal(Errno.EBUSY, image.File.Close());
        Assert.Contains(image.Lines, line => line.Contains(nameof(Close_LeaseIsOut_IsRefusedAndNamesTheOrigin), StringComparison.Ordinal));
        lease.Dispose();
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Span.Length);
        Assert.Equal(Errno.None, image.File.Close());
    }

    [Fact]
    [Trait("Demand", "BF-15")]
    public void Do_CallbackThrows_ReleasesTheLease()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate();
        Assert.Throws<TimeoutException>(() => image.File.Do(block, 1, 0, static (_, _) => throw new TimeoutException()));
        Assert.Throws<TimeoutException>(() => image.File.DoEdit(block, 1, 0, static (_, _) => throw new TimeoutException()));
        Assert.Equal(Errno.None, image.File.Close());
    }

    [Theory]
    [Trait("Demand", "BF-17")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    public void SetControlData_UpToFull_IsExactAfterReopening(int lengthBytes)
    {
        using BlockFileFixture image = new();
        Assert.Equal(Errno.None, image.File.SetControlData(new byte[4096]));
        var data = new byte[lengthBytes];
        new Random(2).NextBytes(data);
        Assert.Equal(Errno.None, image.File.SetControlData(data));
        image.Reopen();
        Assert.Equal(data, image.File.ControlData());
    }

    [Fact]
    [Trait("Demand", "BF-17")]
    public void SetControlData_OneTooMany_IsRefusedAndChangesNothing()
    {
        using BlockFileFixture image = new();
        Assert.Equal(Errno.None, image.File.SetControlData([1]));
        Assert.Equal(Errno.EINVAL, image.File.SetControlData(new byte[4097]));
        Assert.Equal([1], image.File.ControlData());
    }

    [Theory]
    [Trait("Demand", "BF-19")]
    [MemberData(nameof(Sources))]
    public void Allocate_ImageIsFull_IsEnospcAndLosesNothing(MetadataAccess source)
    {
        using BlockFileFixture image = new(source, new BlockFileFormat { SizeLimitBytes = 300 * 4096 });
        List<BlockNumber> all = [];
        while (image.File.Allocate(out BlockNumber block) == Errno.None)
        {
            image.Fill(block, 1, (byte)(all.Count + 1));
            all.Add(block);
        }

        Assert.Equal(Errno.ENOSPC, image.File.Allocate(out _));
        Assert.Equal(Errno.ENOSPC, image.File.Reserve(1));
        Assert.Equal(Errno.None, image.File.Reserve(1, AllocationRight.Deleting));
        image.File.ReleaseReservation(1);
        Assert.Equal(Errno.None, image.File.TryAllocateRun(AllocationStream.Metadata, 1, 1, AllocationRight.Deleting, out _));
        Assert.Equal(Errno.None, image.File.Sync());
        image.Reopen();
        for (int index = 0; index < all.Count; index++)
        {
            image.AssertFilled(all[index], 1, (byte)(index + 1));
        }
    }

    [Fact]
    [Trait("Demand", "BF-19")]
    public void Allocate_HostCannotGrow_IsEnospcUntilItCan()
    {
        using BlockFileFixture image = new();
        image.Device.ResizeError = Errno.ENOSPC;
        Assert.Equal(Errno.ENOSPC, image.File.AllocateBlocks(1000, out _));
        image.Device.ResizeError = Errno.None;
        Assert.Equal(Errno.None, image.File.Sync());
        Assert.Equal(Errno.None, image.File.AllocateBlocks(1000, out _));
    }

    [Fact]
    public void Reserve_ThenOthersAllocateAll_IsKept()
    {
        using BlockFileFixture image = new(format: new BlockFileFormat { SizeLimitBytes = 200 * 4096 });
        Assert.Equal(Errno.None, image.File.Reserve(10));
        while (image.File.Allocate(out _) == Errno.None)
        {
        }

        for (int count = 0; count < 10; count++)
        {
            Assert.Equal(Errno.None, image.File.TryAllocateRun(AllocationStream.SmallData, 1, 1, AllocationRight.Reserved, out _));
        }

        Assert.Equal(Errno.ENOSPC, image.File.TryAllocateRun(AllocationStream.SmallData, 1, 1, AllocationRight.Reserved, out _));
    }

    [Fact]
    public void Accesses_Warm_AllocateNoMemory()
    {
        using BlockFileFixture image = new();
        BlockNumber block = image.Allocate();
        image.Fill(block, 1, 1);
        AllocationProbe.AssertNone(() =>
        {
            image.File.Get(block, 1, out BlockReadLease read);
            read.Dispose();
            image.File.Edit(block, 1, out BlockWriteLease write);
            write.Dispose();
            image.File.Allocate(out BlockNumber other);
            image.File.Free(other);
        });
    }
}
