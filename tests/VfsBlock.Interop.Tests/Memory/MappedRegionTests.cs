using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>
/// Mapping files: the four cases of go-mmap (MM-01), any offset (MM-02), any length (MM-03), and what is refused.
/// </summary>
public sealed class MappedRegionTests
{
    private const int Page = 4096;

    [Fact]
    [Trait("Id", "MM-01")]
    public void MM01_Read_ThreeAndAThirdPages_MatchTheFile()
    {
        using TestFile file = new((3 * Page) + (Page / 3));
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly);
        byte[] copy = new byte[file.Content.Length];
        Assert.Equal(file.Content.Length, region.LengthBytes);
        Assert.Equal(IoResult.Ok(copy.Length), region.CopyTo(0, copy));
        Assert.Equal(file.Content, copy);
        Assert.Equal(file.Content, region.AsReadOnlySpan(0, copy.Length).ToArray());
    }

    [Fact]
    [Trait("Id", "MM-01")]
    public void MM01_Write_ThroughTheMapAndFlushed_IsInTheFile()
    {
        using TestFile file = new(3 * Page);
        using (MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite))
        {
            "by span"u8.CopyTo(region.AsSpan(10, 100));
            Assert.Equal(IoResult.Ok(7), region.CopyFrom(Page + 5, "by copy"u8));
            Assert.Equal(Errno.None, region.Edit(2 * Page, 7, 0, (span, _) => "by edit"u8.CopyTo(span)));
            Assert.Equal(Errno.None, region.Flush(0, region.LengthBytes, FlushMode.Durable));
        }

        "by span"u8.CopyTo(file.Content.AsSpan(10));
        "by copy"u8.CopyTo(file.Content.AsSpan(Page + 5));
        "by edit"u8.CopyTo(file.Content.AsSpan(2 * Page));
        Assert.Equal(file.Content, file.ReadBack());
    }

    [Fact]
    [Trait("Id", "MM-01")]
    public void MM01_Reader_WholeFile_GivesTheFilesHashAndCount()
    {
        using TestFile file = new((10 * Page) + 1);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IoResult result = MappedReader.ReadAll(file.Handle, hash, Append);
        Assert.Equal(IoResult.Ok(file.Content.Length), result);
        Assert.Equal(SHA256.HashData(file.Content), hash.GetHashAndReset());

        static Errno Append(ReadOnlySpan<byte> chunk, IncrementalHash hash)
        {
            hash.AppendData(chunk);
            return Errno.None;
        }
    }

    [Fact]
    [Trait("Id", "MM-01")]
    public void MM01_CopyOnWrite_Written_LeavesTheFileUnchanged()
    {
        using TestFile file = new(2 * Page);
        using SafeFileHandle readOnly = file.Open(FileAccess.Read);
        using MappedRegion region = MappedRegion.MapFile(readOnly, MapAccess.CopyOnWrite);
        region.AsSpan(Page - 1, 2).Fill(0xEE);
        Assert.Equal(IoResult.Ok(1), region.CopyFrom(0, [0xDD]));
        Assert.Equal([0xEE, 0xEE], region.AsReadOnlySpan(Page - 1, 2).ToArray());
        Assert.Equal(0xDD, region.AsReadOnlySpan(0, 1)[0]);
        Assert.Equal(file.Content, file.ReadBack());
        Assert.Equal(Errno.EINVAL, region.Flush(0, 1, FlushMode.Durable));
    }

    [Theory]
    [Trait("Id", "MM-02")]
    [InlineData(1, 1)]
    [InlineData(4095, 2)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8191)]
    [InlineData(12287, 1)]
    public void MM02_MapFile_AnyByteOffset_ShowsTheRange(int offset, int length)
    {
        using TestFile file = new(3 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, offset, length, MapAccess.ReadWrite);
        Assert.Equal(file.Content.AsSpan(offset, length), region.AsReadOnlySpan(0, length));
        region.AsSpan(length - 1, 1)[0] ^= 0xFF;
        file.Content[offset + length - 1] ^= 0xFF;
        Assert.Equal(Errno.None, region.Flush(length - 1, 1, FlushMode.Durable));
        Assert.Equal(Errno.None, region.Flush(0, length, FlushMode.Started));
        Assert.Equal(Errno.None, region.PopulateForReading(0, length));
        Assert.Equal(Errno.None, region.PopulateForWriting(length - 1, 1));
        Assert.Equal(file.Content, file.ReadBack());
    }

    [Fact]
    [Trait("Id", "MM-03")]
    public void MM03_Window_Over2GiBSparseFile_ReachesEveryPart()
    {
        const long Length = (5L << 30) + 123;
        using TestFile file = new(0);
        file.Truncate(Length);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, 1, Length - 1, MapAccess.ReadWrite);
        foreach (long boundary in new[] { 1L << 31, 1L << 32, Length - 1 })
        {
            region.AsSpan(boundary - 3, 2).Fill(0xAB);
            byte[] read = new byte[4];
            Assert.Equal(IoResult.Ok(4), region.CopyTo(boundary - 4, read));
            Assert.Equal([0, 0xAB, 0xAB, 0], read);
            RandomAccess.Read(file.Handle, read.AsSpan(0, 2), boundary - 2);
            Assert.Equal([0xAB, 0xAB], read[..2]);
            Assert.Equal(Errno.None, region.Flush(boundary - 3, 2, FlushMode.Durable));
        }

        Assert.Equal(int.MaxValue, region.AsReadOnlySpan((Length - 1) - int.MaxValue, int.MaxValue).Length);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 5001)]
    [InlineData(5001, 0)]
    [InlineData(4999, 2)]
    [InlineData(1, long.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void Range_NotInsideTheRegion_IsRefused(long offset, long length)
    {
        using TestFile file = new(5000);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        int windowLength = (int)Math.Clamp(length, int.MinValue, int.MaxValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.AsSpan(offset, windowLength).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.AsReadOnlySpan(offset, windowLength).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Flush(offset, length, FlushMode.Durable));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Flush(offset, length, FlushMode.Started));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Lock(offset, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Unlock(offset, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Advise(offset, length, MemoryAdvice.Normal));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.PopulateForReading(offset, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.PopulateForWriting(offset, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.View(offset, windowLength, 0, (_, _) => { }));
    }

    [Fact]
    public void Copy_NotInsideTheRegion_IsRefusedAndTouchesNothing()
    {
        using TestFile file = new(100);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadWrite);
        byte[] two = [1, 2];
        Assert.Throws<ArgumentOutOfRangeException>(() => region.CopyTo(99, two));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.CopyFrom(99, two));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.CopyTo(-1, two));
        Assert.Equal([1, 2], two);
        Assert.Equal(file.Content, file.ReadBack());
    }

    [Fact]
    public void EmptyRange_EveryOperation_Succeeds()
    {
        using TestFile file = new(100);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, 7, 93, MapAccess.ReadWrite);
        Assert.Equal(IoResult.Ok(0), region.CopyTo(93, []));
        Assert.Equal(IoResult.Ok(0), region.CopyFrom(93, []));
        Assert.Equal(Errno.None, region.Flush(93, 0, FlushMode.Durable));
        Assert.Equal(Errno.None, region.Flush(93, 0, FlushMode.Started));
        Assert.Equal(Errno.None, region.Advise(93, 0, MemoryAdvice.DontNeed));
        Assert.Equal(Errno.None, region.PopulateForReading(93, 0));
        Assert.Equal(0, region.AsSpan(93, 0).Length);
    }

    [Fact]
    public void Write_ReadOnlyRegion_IsRefusedBeforeAnyStore()
    {
        using TestFile file = new(100);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly);
        Assert.Throws<InvalidOperationException>(() => region.AsSpan(0, 1).Length);
        Assert.Throws<InvalidOperationException>(() => region.CopyFrom(0, [1]));
        Assert.Throws<InvalidOperationException>(() => region.PopulateForWriting(0, 1));
        Assert.Throws<InvalidOperationException>(() => region.Edit(0, 1, 0, (_, _) => { }));
    }

    [Fact]
    public void MapFile_WhatTheKernelRefuses_NamesFileErrorAndNextStep()
    {
        using TestFile file = new(100);
        using SafeFileHandle readOnly = file.Open(FileAccess.Read);
        using SafeFileHandle writeOnly = file.Open(FileAccess.Write);
        ErrnoException denied = Assert.Throws<ErrnoException>(() => MappedRegion.MapFile(readOnly, MapAccess.ReadWrite));
        Assert.Equal(Errno.EACCES, denied.Error);
        Assert.Contains(file.Path, denied.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EACCES, Assert.Throws<ErrnoException>(() => MappedRegion.MapFile(writeOnly, MapAccess.ReadOnly)).Error);
        ErrnoException beyond = Assert.Throws<ErrnoException>(() => MappedRegion.MapFile(file.Handle, 1, 100, MapAccess.ReadOnly));
        Assert.Equal(Errno.ENXIO, beyond.Error);
        Assert.Contains("The file has 100 bytes", beyond.Message, StringComparison.Ordinal);
        file.Truncate(0);
        Assert.Equal(Errno.EINVAL, Assert.Throws<ErrnoException>(() => MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly)).Error);
        Assert.Equal(0, file.MappingCount);
    }

    [Fact]
    public void MapFile_NotARegularFile_IsEnodev()
    {
        using SafeFileHandle device = File.OpenHandle("/dev/null");
        Assert.Equal(Errno.ENODEV, Assert.Throws<ErrnoException>(() => MappedRegion.MapFile(device, MapAccess.ReadOnly)).Error);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(1, long.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    public void MapFile_ImpossibleRange_IsRefused(long offset, long length)
    {
        using TestFile file = new(100);
        Assert.Throws<ArgumentOutOfRangeException>(() => MappedRegion.MapFile(file.Handle, offset, length, MapAccess.ReadOnly));
    }

    [Fact]
    public void ReadOnlyRegion_FileWrittenByOthers_ShowsTheNewBytes()
    {
        using TestFile file = new(Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly);
        RandomAccess.Write(file.Handle, "fresh"u8, 50);
        Assert.Equal("fresh"u8.ToArray(), region.AsReadOnlySpan(50, 5).ToArray());
    }

    [Fact]
    public void View_Range_LendsItAndPassesExceptionsThrough()
    {
        using TestFile file = new(2 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, MapAccess.ReadOnly);
        byte[] seen = new byte[20];
        Assert.Equal(Errno.None, region.View(Page - 10, 20, seen, (span, copy) => span.CopyTo(copy)));
        Assert.Equal(file.Content[(Page - 10)..(Page + 10)], seen);
        Assert.Throws<FormatException>(() => region.View(0, 1, 0, (_, _) => throw new FormatException()));
    }

    [Fact]
    public void HotCalls_Repeated_AllocateNothing()
    {
        using TestFile file = new(4 * Page);
        using MappedRegion region = MappedRegion.MapFile(file.Handle, 10, 3 * Page, MapAccess.ReadWrite);
        byte[] buffer = new byte[Page];
        AllocationProbe.AssertNone(() =>
        {
            buffer[0] = region.AsReadOnlySpan(5, 100)[0];
            region.AsSpan(5, 1)[0] = 1;
            region.CopyTo(100, buffer);
            region.CopyFrom(200, buffer);
            region.View(0, Page, buffer, static (span, copy) => span[..16].CopyTo(copy));
            region.PopulateForWriting(0, Page);
            region.Advise(0, Page, MemoryAdvice.Normal);
            region.Flush(0, Page, FlushMode.Started);
        });
        AllocationProbe.AssertNone(() => region.Flush(2 * Page, 1, FlushMode.Durable));
    }
}
