using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The cases of gVisor's pread64, read and readv tests that have a meaning here.</summary>
public sealed class HostFileReadTests : IDisposable
{
    private readonly byte[] _data = ScratchFile.Pattern(1000);
    private readonly ScratchFile _scratch;
    private readonly NativeBuffer _buffer = new(1000);

    public HostFileReadTests() => _scratch = new ScratchFile(_data);

    [Fact]
    public void ReadAt_ZeroBuffer_IsZeroBytes()
    {
        Assert.Equal(IoResult.Ok(0), _scratch.File.ReadAt(Span<byte>.Empty, 0));
        Assert.Equal(IoResult.Ok(0), _scratch.File.ReadExactlyAt(Span<byte>.Empty, 0));
    }

    [Fact]
    public void ReadAt_ZeroPieces_IsZeroBytes()
    {
        Assert.Equal(IoResult.Ok(0), _scratch.File.ReadAt(ReadOnlySpan<IoVec>.Empty, 0));
        Assert.Equal(IoResult.Ok(0), _scratch.File.ReadExactlyAt(ReadOnlySpan<IoVec>.Empty, 0));
        Assert.Equal(IoResult.Ok(0), _scratch.File.ReadNext(ReadOnlySpan<IoVec>.Empty));
    }

    [Fact]
    public void ReadAt_OffsetNotIncremented_SecondReadSeesTheSame()
    {
        byte[] first = new byte[1000];
        byte[] second = new byte[1000];
        Assert.Equal(IoResult.Ok(1000), _scratch.File.ReadAt(first, 0));
        Assert.Equal(IoResult.Ok(1000), _scratch.File.ReadAt(second, 0));
        Assert.Equal(_data, second);
        Assert.Equal(0, _scratch.PositionBytes);
    }

    [Fact]
    [Trait("Id", "IO-04")]
    public void IO04_Read_EndInTheMiddle_IsAShortCountWithoutError()
    {
        byte[] bytes = new byte[1000];
        Assert.Equal(IoResult.Ok(10), _scratch.File.ReadAt(bytes, 990));
        Assert.Equal(IoResult.Ok(10), _scratch.File.ReadExactlyAt(bytes, 990));
        Assert.Equal(_data.AsSpan(990), bytes.AsSpan(0, 10));
        Assert.Equal(IoResult.Ok(10), _scratch.File.ReadExactlyAt(IoVecs.Cut(_buffer, 3), 990));
        Assert.Equal(_data.AsSpan(990), _buffer.Span[..10]);
    }

    [Fact]
    [Trait("Id", "IO-05")]
    public void IO05_Read_AtAndBeyondTheEnd_IsZeroAndNoException()
    {
        byte[] bytes = new byte[10];
        foreach (long offsetBytes in (long[])[1000, 1001, long.MaxValue - 10])
        {
            Assert.Equal(IoResult.Ok(0), _scratch.File.ReadAt(bytes, offsetBytes));
            Assert.Equal(IoResult.Ok(0), _scratch.File.ReadExactlyAt(bytes, offsetBytes));
        }
    }

    [Fact]
    public void Read_Overflow_EndBeyondTheLargestOffset_IsEINVAL()
    {
        byte[] bytes = new byte[100];
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.ReadAt(bytes, long.MaxValue - 50));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.ReadExactlyAt(bytes, long.MaxValue - 50));
    }

    [Fact]
    public void Read_PieceLongerThanAnyFile_IsRefused()
    {
        IoVec[] pieces = [new(_buffer.Address, nuint.MaxValue)];
        Assert.Contains(_scratch.File.ReadAt(pieces, 0).Error, (Errno[])[Errno.EINVAL, Errno.EFAULT]);
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.ReadAt([.. pieces, .. pieces], 0));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.ReadExactlyAt(pieces, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(333)]
    [InlineData(1000)]
    public void ReadAt_PiecesOfOneLength_TogetherHoldTheData(int pieceBytes)
    {
        Assert.Equal(IoResult.Ok(1000), _scratch.File.ReadAt(IoVecs.Cut(_buffer, pieceBytes), 0));
        Assert.Equal(_data, _buffer.Span);
    }

    [Fact]
    public void ReadAt_OverlappingPieces_LaterOnesWin()
    {
        Assert.Equal(IoResult.Ok(1000), _scratch.File.ReadAt([new IoVec(_buffer, 0, 500), new IoVec(_buffer, 0, 500)], 0));
        Assert.Equal(_data.AsSpan(500), _buffer.Span[..500]);
    }

    [Fact]
    public void ReadAt_DiscontinuousPiecesAndAnEmptyNullOne_LeaveTheGapsAlone()
    {
        Assert.Equal(IoResult.Ok(20), _scratch.File.ReadAt([new IoVec(_buffer, 900, 10), new IoVec(0, 0), new IoVec(_buffer, 100, 10)], 0));

        Assert.Equal(_data.AsSpan(0, 10), _buffer.Span.Slice(900, 10));
        Assert.Equal(_data.AsSpan(10, 10), _buffer.Span.Slice(100, 10));
        Assert.Equal(new byte[790], _buffer.Span.Slice(110, 790));
    }

    [Fact]
    public void ReadAt_MorePiecesThanOneCallTakes_IsEINVALAndNotCutSilently() => Assert.Equal(
        IoResult.Fail(Errno.EINVAL),
        _scratch.File.ReadAt(IoVecs.Repeat(_buffer, 1025), 0));

    [Fact]
    public void ReadNext_Twice_GoesOnWhereItStopped()
    {
        byte[] bytes = new byte[600];
        Assert.Equal(IoResult.Ok(600), _scratch.File.ReadNext(bytes));
        Assert.Equal(IoResult.Ok(400), _scratch.File.ReadExactlyNext(bytes));
        Assert.Equal(_data.AsSpan(600), bytes.AsSpan(0, 400));
        Assert.Equal(IoResult.Ok(0), _scratch.File.ReadNext(bytes));
    }

    [Fact]
    public void ReadAt_Directory_IsEISDIR()
    {
        using var directory = HostFile.Open("/", OpenFlags.Directory);
        Assert.Equal(IoResult.Fail(Errno.EISDIR), directory.ReadAt(new byte[10], 0));
    }

    [Fact]
    public void ReadAt_Socket_IsESPIPE()
    {
        using PipePair sockets = PipePair.Sockets();
        Assert.Equal(IoResult.Fail(Errno.ESPIPE), sockets.Reader.ReadAt(new byte[10], 0));
        Assert.Equal(IoResult.Fail(Errno.ESPIPE), sockets.Reader.ReadExactlyAt(new byte[10], 0));
    }

    [Fact]
    public void ReadExactlyNext_PipeThatGivesSmallParts_FillsEveryPiece()
    {
        using PipePair pipe = PipePair.Pipe();
        byte[] sent = ScratchFile.Pattern(300_000);
        var writer = new Thread(() =>
        {
            for (int at = 0; at < sent.Length; at += 777)
            {
                pipe.Writer.WriteAllNext(sent.AsSpan(at, Math.Min(777, sent.Length - at)));
            }
        });
        writer.IsBackground = true;
        writer.Start();

        using var received = new NativeBuffer(sent.Length);
        Assert.Equal(IoResult.Ok(sent.Length), pipe.Reader.ReadExactlyNext(IoVecs.Cut(received, 101)));
        writer.Join();
        Assert.Equal(sent, received.Span);
    }

    [Fact]
    public void ReadExactlyNext_PipeClosedEarly_IsWhatCame()
    {
        using PipePair pipe = PipePair.Pipe();
        pipe.Writer.WriteAllNext(_data);
        pipe.Writer.Dispose();

        Assert.Equal(IoResult.Ok(1000), pipe.Reader.ReadExactlyNext(new byte[2000]));
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _buffer.Dispose();
    }
}
