using VfsBlock.Interop.Native;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The cases of gVisor's pwrite64 and write tests that have a meaning here.</summary>
public sealed class HostFileWriteTests : IDisposable
{
    private readonly byte[] _data = ScratchFile.Pattern(1000);
    private readonly ScratchFile _scratch = new([]);
    private readonly NativeBuffer _buffer;

    public HostFileWriteTests() => _buffer = IoVecs.Holding(_data);

    [Fact]
    public void Write_NullBufferWithoutLength_IsZeroBytesAndNoError()
    {
        Assert.Equal(IoResult.Ok(0), _scratch.File.WriteAt(ReadOnlySpan<byte>.Empty, 0));
        Assert.Equal(IoResult.Ok(0), _scratch.File.WriteAt([new IoVec(0, 0)], 0));
        Assert.Equal(IoResult.Ok(0), _scratch.File.WriteAt(ReadOnlySpan<IoVec>.Empty, 0));
        Assert.Equal(IoResult.Ok(0), _scratch.File.WriteAllAt(ReadOnlySpan<byte>.Empty, 0));
        Assert.Equal(IoResult.Ok(0), _scratch.File.WriteAllAt([new IoVec(0, 0), new IoVec(0, 0)], 0));
        Assert.Empty(_scratch.Content);
    }

    [Fact]
    public void WriteAt_OffsetNotIncremented_SecondWriteOverwrites()
    {
        Assert.Equal(IoResult.Ok(1000), _scratch.File.WriteAt(new byte[1000], 0));
        Assert.Equal(IoResult.Ok(1000), _scratch.File.WriteAt(_data, 0));
        Assert.Equal(_data, _scratch.Content);
        Assert.Equal(0, _scratch.PositionBytes);
    }

    [Fact]
    public void WriteNext_Twice_GoesOnWhereItStopped()
    {
        Assert.Equal(IoResult.Ok(600), _scratch.File.WriteNext(_data.AsSpan(0, 600)));
        Assert.Equal(IoResult.Ok(400), _scratch.File.WriteAllNext([new IoVec(_buffer, 600, 400)]));
        Assert.Equal(_data, _scratch.Content);
    }

    [Fact]
    public void WriteAt_BeyondTheEnd_CreatesAHole()
    {
        Assert.Equal(IoResult.Ok(1000), _scratch.File.WriteAllAt(_data, 5000));
        Assert.Equal([.. new byte[5000], .. _data], _scratch.Content);
    }

    [Fact]
    public void WriteAt_ExtendsPastTheEnd_KeepsWhatWasBefore()
    {
        Assert.Equal(IoResult.Ok(1000), _scratch.File.WriteAllAt(_data, 0));
        Assert.Equal(IoResult.Ok(1000), _scratch.File.WriteAllAt(_data, 500));
        Assert.Equal([.. _data[..500], .. _data], _scratch.Content);
    }

    [Fact]
    public void Write_Overflow_EndBeyondTheLargestOffset_IsEINVAL()
    {
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.WriteAt(_data, long.MaxValue - 500));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.WriteAllAt(_data, long.MaxValue - 500));
        Assert.Empty(_scratch.Content);
    }

    [Fact]
    public void WriteAt_FileOpenedToAppend_IgnoresTheOffset()
    {
        _scratch.File.WriteAllAt(new byte[10], 0);
        using var append = HostFile.Open(_scratch.Path, OpenFlags.WriteOnly | OpenFlags.Append);
        Assert.Equal(IoResult.Ok(1000), append.WriteAt(_data, 0));
        Assert.Equal([.. new byte[10], .. _data], _scratch.Content);
    }

    [Fact]
    public void WriteAllAt_AppendFlag_GoesToTheEnd()
    {
        _scratch.File.WriteAllAt(new byte[10], 0);
        Assert.Equal(IoResult.Ok(1000), _scratch.File.WriteAllAt(_data, 0, RwFlags.Append));
        Assert.Equal([.. new byte[10], .. _data], _scratch.Content);
    }

    [Fact]
    [Trait("Id", "IO-10")]
    public void IO10_WriteAllAt_AppendOfMorePiecesThanOneCallTakes_WritesNothing()
    {
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.WriteAllAt(IoVecs.Repeat(_buffer, 1025), 0, RwFlags.Append));
        Assert.Empty(_scratch.Content);
        Assert.Equal(IoResult.Ok(1_024_000), _scratch.File.WriteAllAt(IoVecs.Repeat(_buffer, 1024), 0, RwFlags.Append));
        Assert.Equal(1_024_000, _scratch.Content.Length);
    }

    [Fact]
    [Trait("Id", "IO-10")]
    public void IO10_WriteAllAt_DataSyncOfMorePiecesThanOneCallTakes_WritesAll()
    {
        Assert.Equal(IoResult.Ok(1_100_000), _scratch.File.WriteAllAt(IoVecs.Repeat(_buffer, 1100), 0, RwFlags.DataSync));
        Assert.Equal(1_100_000, _scratch.Content.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(333)]
    [InlineData(500)]
    public void WriteAt_PiecesOfOneLength_MakeTheData(int pieceBytes)
    {
        Assert.Equal(IoResult.Ok(1000), _scratch.File.WriteAt(IoVecs.Cut(_buffer, pieceBytes), 0));
        Assert.Equal(_data, _scratch.Content);
    }

    [Fact]
    public void WriteAt_Socket_IsESPIPE()
    {
        using PipePair sockets = PipePair.Sockets();
        Assert.Equal(IoResult.Fail(Errno.ESPIPE), sockets.Writer.WriteAt(_data, 0));
        Assert.Equal(IoResult.Fail(Errno.ESPIPE), sockets.Writer.WriteAllAt(_data, 0));
    }

    [Fact]
    public void WriteAllNext_PipeWithoutReader_IsEPIPEAndTheProcessLives()
    {
        using PipePair pipe = PipePair.Pipe();
        pipe.Reader.Dispose();
        Assert.Equal(IoResult.Fail(Errno.EPIPE), pipe.Writer.WriteAllNext(_data));
    }

    [Fact]
    [Trait("Id", "IO-09")]
    public void IO09_WriteAllNext_NonBlockingPipeThatFills_ReportsBytesAndEAGAIN()
    {
        using PipePair pipe = PipePair.Pipe();
        int descriptor = (int)pipe.Writer.Handle.DangerousGetHandle();
        Assert.Equal(0, Libc.FCntl(descriptor, Libc.SetStatusFlags, (long)OpenFlags.NonBlocking));
        byte[] sent = ScratchFile.Pattern(4_000_000);

        IoResult result = pipe.Writer.WriteAllNext(sent);
        pipe.Writer.Dispose();

        Assert.Equal(Errno.EAGAIN, result.Error);
        Assert.InRange(result.Bytes, 1, sent.Length - 1);
        byte[] received = new byte[sent.Length];
        Assert.Equal(IoResult.Ok(result.Bytes), pipe.Reader.ReadExactlyNext(received));
        Assert.Equal(sent.AsSpan(0, (int)result.Bytes), received.AsSpan(0, (int)result.Bytes));
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _buffer.Dispose();
    }
}
