using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>More pieces, and more bytes, than one system call takes.</summary>
public sealed class HostFileLargeTests : IDisposable
{
    private const int RepeatedBytes = 1 << 20;

    // 1024 pieces of 1 MiB are 1 GiB: three such lists pass 0x7ffff000 bytes.
    private const int RepeatCount = 2100;

    private readonly NativeBuffer _repeated = new(RepeatedBytes);

    [Fact]
    [Trait("Id", "IO-03")]
    public void IO03_TwoThousandPieces_FullWriteAndReadEqualTheData()
    {
        byte[] data = ScratchFile.Pattern(2000 * 37);
        using var scratch = new ScratchFile([]);
        using NativeBuffer source = IoVecs.Holding(data);
        using var target = new NativeBuffer(data.Length);

        Assert.Equal(IoResult.Ok(data.Length), scratch.File.WriteAllAt(IoVecs.Cut(source, 37), 11));
        Assert.Equal([.. new byte[11], .. data], scratch.Content);
        Assert.Equal(IoResult.Ok(data.Length), scratch.File.ReadExactlyAt(IoVecs.Cut(target, 37), 11));
        Assert.Equal(data, target.Span);
    }

    [Fact]
    [Trait("Id", "IO-03")]
    public void IO03_PieceCounts_AroundTheLimit_AllWork()
    {
        byte[] data = ScratchFile.Pattern(2049);
        using var scratch = new ScratchFile([]);
        foreach (int count in (int[])[1023, 1024, 1025, 2047, 2048, 2049])
        {
            using NativeBuffer source = IoVecs.Holding(data.AsSpan(0, count));
            using var target = new NativeBuffer(count);
            Assert.Equal(IoResult.Ok(count), scratch.File.WriteAllAt(IoVecs.Cut(source, 1), 0));
            Assert.Equal(IoResult.Ok(count), scratch.File.ReadExactlyAt(IoVecs.Cut(target, 1), 0));
            Assert.Equal(data.AsSpan(0, count), target.Span);
        }
    }

    [Fact]
    public void ReadAt_MoreBytesThanOneCallMoves_IsTruncatedAtTheKernelsMaximum()
    {
        using var zeros = HostFile.Open("/dev/zero", OpenFlags.ReadOnly);
        using var large = new NativeBuffer(4 * RepeatedBytes);
        Assert.Equal(IoResult.Ok(TransferLoop.MaxBytesPerCall), zeros.ReadAt(IoVecs.Repeat(large, 600), 0));
    }

    [Fact]
    public void ReadExactlyAt_MoreBytesThanOneCallMoves_GoesOnToTheLastByte()
    {
        // A hole in a tmpfs takes no memory, neither to hold nor to read. The data stands where the second call starts.
        Assert.True(TransferLoop.MaxBytesPerCall < (long)RepeatCount * RepeatedBytes);
        string? sparse = Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").DriveFormat == "tmpfs" ? "/dev/shm" : null;
        byte[] marker = ScratchFile.Pattern(64 * 1024);
        using var scratch = new ScratchFile([], parent: sparse);
        long markerBytes = (long)RepeatCount * RepeatedBytes;
        Assert.Equal(IoResult.Ok(marker.Length), scratch.File.WriteAllAt(marker, markerBytes));
        using var tail = new NativeBuffer(marker.Length);
        IoVec[] pieces = [.. IoVecs.Repeat(_repeated, RepeatCount), .. IoVecs.Cut(tail, 1000)];

        Assert.Equal(IoResult.Ok(markerBytes + marker.Length), scratch.File.ReadExactlyAt(pieces, 0));
        Assert.Equal(marker, tail.Span);
    }

    [Fact]
    public void ReadExactlyAt_OneCallThatEndsInsideAPiece_ContinuesThatPiece()
    {
        // 600 pieces of 4 MiB: the kernel stops 4096 bytes short of the end of the 512th.
        using var zeros = HostFile.Open("/dev/zero", OpenFlags.ReadOnly);
        using var large = new NativeBuffer(4 * RepeatedBytes);
        large.Span.Fill(0xff);
        Assert.Equal(IoResult.Ok(513L * large.Length), zeros.ReadExactlyAt(IoVecs.Repeat(large, 513), 0));
        Assert.Equal(-1, large.Span.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void WriteAt_MoreBytesThanOneCallMoves_IsTruncatedAtTheKernelsMaximum()
    {
        using var sink = HostFile.Open("/dev/null", OpenFlags.WriteOnly);
        using var large = new NativeBuffer(4 * RepeatedBytes);
        Assert.Equal(IoResult.Ok(TransferLoop.MaxBytesPerCall), sink.WriteAt(IoVecs.Repeat(large, 600), 0));
    }

    [Fact]
    public void WriteAllAt_MoreBytesThanOneCallMoves_WritesThemAll()
    {
        using var sink = HostFile.Open("/dev/null", OpenFlags.WriteOnly);
        using var large = new NativeBuffer(4 * RepeatedBytes);
        Assert.Equal(IoResult.Ok(2000L * large.Length), sink.WriteAllAt(IoVecs.Repeat(large, 2000), 0));
    }

    public void Dispose() => _repeated.Dispose();
}
