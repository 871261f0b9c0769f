using Microsoft.Win32.SafeHandles;
using VfsBlock.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Interop.Tests;

/// <summary>A mapping that grows and never moves.</summary>
public sealed class ReservedRegionTests(ITestOutputHelper output)
{
    private const int Page = 4096;

    [Fact]
    public void GrowTo_ManyTimes_KeepsTheAddressAndShowsTheFile()
    {
        using TestFile file = new(50 * Page);
        using ReservedRegion region = ReservedRegion.ForFile(file.Handle, MapAccess.ReadWrite, 1L << 40);
        nint address = region.Address;
        Assert.Equal(0, region.LengthBytes);
        Assert.Equal(1L << 40, region.CapacityBytes);
        Assert.Equal(Errno.None, region.GrowTo(100));
        Span<byte> early = region.AsSpan(0, 100);
        for (int length = 100; length <= 50 * Page; length += 5001)
        {
            Assert.Equal(Errno.None, region.GrowTo(length));
            Assert.Equal(address, region.Address);
            Assert.Equal(length, region.LengthBytes);
            Assert.Equal(file.Content.AsSpan(0, length), region.AsReadOnlySpan(0, length));
        }

        early[50] = 0xFE;
        Assert.Equal(0xFE, file.ReadBack()[50]);
        Assert.Equal(Errno.None, region.Flush(0, region.LengthBytes, FlushMode.Durable));
        Assert.Equal(Errno.None, region.Flush(0, region.LengthBytes, FlushMode.Started));
    }

    [Fact]
    public void GrowTo_WithAllocation_ExtendsTheFileFirst()
    {
        using TestFile file = new(0);
        using ReservedRegion region = ReservedRegion.ForFile(file.Handle, MapAccess.ReadWrite, 100 * Page);
        Assert.Equal(Errno.None, region.GrowTo(10 * Page, allocateSpace: true));
        Assert.Equal(10 * Page, RandomAccess.GetLength(file.Handle));
        region.AsSpan(0, 10 * Page).Fill(1);
        Assert.Equal(Errno.None, region.GrowTo((20 * Page) + 1, allocateSpace: true));
        Assert.Equal((20 * Page) + 1, RandomAccess.GetLength(file.Handle));
        Assert.Equal(10 * Page, region.AsReadOnlySpan(0, 20 * Page).IndexOf((byte)0));
    }

    [Fact]
    public void GrowTo_WhatCannotBe_IsAnErrorAndChangesNothing()
    {
        using TestFile file = new(3 * Page);
        using ReservedRegion region = ReservedRegion.ForFile(file.Handle, MapAccess.ReadOnly, 8 * Page);
        Assert.Equal(Errno.None, region.GrowTo(2 * Page));
        Assert.Equal(Errno.ENXIO, region.GrowTo((3 * Page) + 1));
        Assert.Equal(Errno.ENOMEM, region.GrowTo((8 * Page) + 1));
        Assert.Equal(Errno.ENOMEM, region.GrowTo(long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.GrowTo(-1));
        Assert.Equal(Errno.None, region.GrowTo(1));
        Assert.Equal(2 * Page, region.LengthBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.AsReadOnlySpan(2 * Page, 1).Length);
        Assert.Equal(file.Content.AsSpan(0, 2 * Page), region.AsReadOnlySpan(0, 2 * Page));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GrowTo_AfterTheFileHandleIsDisposed_StillWorks(bool allocateSpace)
    {
        using TestFile file = new(3 * Page);
        SafeFileHandle handle = file.Open();
        using ReservedRegion region = ReservedRegion.ForFile(handle, MapAccess.ReadWrite, 8 * Page);
        handle.Dispose();
        Assert.Equal(Errno.None, region.GrowTo(3 * Page, allocateSpace));
        Assert.Equal(file.Content.AsSpan(), region.AsReadOnlySpan(0, 3 * Page));
        Assert.Equal(Errno.ENXIO, region.GrowTo(4 * Page));
        Assert.Equal(1, file.DescriptorCount - 1);
    }

    [Fact]
    public void ShrinkTo_ThenTruncateAndGrow_ShowsTheNewFile()
    {
        using TestFile file = new(6 * Page);
        using ReservedRegion region = ReservedRegion.ForFile(file.Handle, MapAccess.ReadOnly, 8 * Page);
        Assert.Equal(Errno.None, region.GrowTo(6 * Page));
        Assert.Equal(Errno.None, region.ShrinkTo(Page + 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.CopyTo(Page + 10, new byte[1]));
        file.Truncate(Page + 10);
        RandomAccess.Write(file.Handle, "new tail"u8, 4 * Page);
        Assert.Equal(Errno.None, region.GrowTo((4 * Page) + 8));
        Assert.Equal(file.ReadBack().AsSpan(), region.AsReadOnlySpan(0, (4 * Page) + 8));
    }

    [Fact]
    public void Anonymous_ShrunkAndGrownAgain_IsZeroAgain()
    {
        using ReservedRegion region = ReservedRegion.Anonymous(1L << 38);
        Assert.Equal(Errno.None, region.GrowTo(3 * Page));
        region.AsSpan(0, 3 * Page).Fill(0xAA);
        Assert.Equal(Errno.None, region.ShrinkTo(100));
        Assert.Equal(Errno.None, region.GrowTo(3 * Page));
        Assert.True(region.AsReadOnlySpan(0, 100).IndexOfAnyExcept((byte)0xAA) < 0);
        Assert.True(region.AsReadOnlySpan(100, (3 * Page) - 100).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(Errno.EINVAL, region.Flush(0, 1, FlushMode.Durable));
    }

    [Fact]
    public void CopyOnWrite_Written_LeavesTheFileUnchangedThroughGrowth()
    {
        using TestFile file = new(4 * Page);
        using ReservedRegion region = ReservedRegion.ForFile(file.Handle, MapAccess.CopyOnWrite, 4 * Page);
        Assert.Equal(Errno.None, region.GrowTo(Page));
        region.AsSpan(0, Page).Fill(0xBB);
        Assert.Equal(Errno.None, region.GrowTo(4 * Page));
        Assert.True(region.AsReadOnlySpan(0, Page).IndexOfAnyExcept((byte)0xBB) < 0);
        Assert.Equal(file.Content, file.ReadBack());
    }

    [Fact]
    public void Dispose_GrownRegion_UnmapsAllOfIt()
    {
        using TestFile file = new(4 * Page);
        ReservedRegion region = ReservedRegion.ForFile(file.Handle, MapAccess.ReadOnly, 1 << 30);
        Assert.Equal(Errno.None, region.GrowTo(4 * Page));
        Assert.Equal(1, file.MappingCount);
        region.Dispose();
        region.Dispose();
        Assert.Equal(0, file.MappingCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Reserve_ImpossibleCapacity_IsRefused(long capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ReservedRegion.Anonymous(capacity));

    [Fact]
    public void Reserve_MoreThanTheAddressSpace_IsEnomem() =>
        Assert.Equal(Errno.ENOMEM, Assert.Throws<ErrnoException>(() => ReservedRegion.Anonymous(1L << 60)).Error);

    [Fact]
    public void GrowShrinkWriteRead_AtRandom_EqualsAnArray()
    {
        const int Capacity = 40 * Page;
        var random = new Random(RandomSeed.Take(output));
        byte[] model = new byte[Capacity];
        using ReservedRegion region = ReservedRegion.Anonymous(Capacity);
        for (int step = 0; step < 3000; step++)
        {
            int length = (int)region.LengthBytes;
            int offset = random.Next(length + 1);
            int count = random.Next(length - offset + 1);
            switch (random.Next(4))
            {
                case 0:
                    Assert.Equal(Errno.None, region.GrowTo(random.Next(Capacity + 1)));
                    break;
                case 1 when random.Next(4) == 0:
                    Assert.Equal(Errno.None, region.ShrinkTo(offset));
                    model.AsSpan(offset).Clear();
                    break;
                case 2:
                    random.NextBytes(model.AsSpan(offset, count));
                    Assert.Equal(IoResult.Ok(count), region.CopyFrom(offset, model.AsSpan(offset, count)));
                    break;
                default:
                    byte[] copy = new byte[count];
                    Assert.Equal(IoResult.Ok(count), region.CopyTo(offset, copy));
                    Assert.True(model.AsSpan(offset, count).SequenceEqual(copy), $"step {step}");
                    break;
            }
        }
    }
}
