using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The cases of gVisor's preadv2 system call test, by its names.</summary>
[Trait("Id", "IO-01")]
public sealed class PreadV2Tests : IDisposable
{
    private const int HalfBytes = 512;

    private readonly byte[] _data = ScratchFile.Pattern(2 * HalfBytes);
    private readonly ScratchFile _scratch;
    private readonly NativeBuffer _buffer = new(2 * HalfBytes);
    private readonly IoVec[] _halves;

    public PreadV2Tests()
    {
        _scratch = new ScratchFile(_data);
        _halves = IoVecs.Cut(_buffer, HalfBytes);
    }

    [Fact]
    public void IO01_BaseCall_TwoPieces_AreFilledInOrder()
    {
        Assert.Equal(IoResult.Ok(_data.Length), _scratch.File.ReadAt(_halves, 0));

        Assert.Equal(_data, _buffer.Span);
        Assert.Equal(0, _scratch.PositionBytes);
    }

    [Fact]
    public void IO01_ValidPositiveOffset_ReadsThereAndLeavesThePosition()
    {
        Assert.Equal(IoResult.Ok(_data.Length - 100), _scratch.File.ReadAt(_halves, 100));

        Assert.Equal(_data.AsSpan(100), _buffer.Span[..(_data.Length - 100)]);
        Assert.Equal(0, _scratch.PositionBytes);
    }

    [Fact]
    public void IO01_NegativeOneOffset_OnlyReadNextUsesThePositionAndMovesIt()
    {
        _scratch.SeekTo(24);

        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.ReadAt(_halves, -1));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.ReadExactlyAt(_halves, -1));
        Assert.Equal(24, _scratch.PositionBytes);
        Assert.Equal(IoResult.Ok(_data.Length - 24), _scratch.File.ReadNext(_halves));
        Assert.Equal(_data.AsSpan(24), _buffer.Span[..(_data.Length - 24)]);
        Assert.Equal(_data.Length, _scratch.PositionBytes);
    }

    [Fact]
    public void IO01_HighPriorityFlag_IsAcceptedAndReads()
    {
        Assert.Equal(IoResult.Ok(_data.Length), _scratch.File.ReadAt(_halves, 0, RwFlags.HighPriority));
        Assert.Equal(_data, _buffer.Span);
    }

    [Fact]
    public void IO01_InvalidFlag_IsEOPNOTSUPP() => Assert.Equal(
        IoResult.Fail(Errno.EOPNOTSUPP),
        _scratch.File.ReadAt(_halves, 0, (RwFlags)0x4000_0000));

    [Fact]
    public void IO01_InvalidOffset_IsEINVAL()
    {
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.ReadAt(_halves, -8));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.ReadExactlyAt(_halves, -8));
    }

    [Fact]
    public void IO01_UnreadableFile_IsEBADF()
    {
        using var writeOnly = HostFile.Open(_scratch.Path, OpenFlags.WriteOnly);
        Assert.Equal(IoResult.Fail(Errno.EBADF), writeOnly.ReadAt(_halves, 0));
    }

    [Fact]
    public void IO01_WithOpath_IsEBADF()
    {
        using var nameOnly = HostFile.Open(_scratch.Path, OpenFlags.Path);
        Assert.Equal(IoResult.Fail(Errno.EBADF), nameOnly.ReadAt(_halves, 0));
    }

    [Fact]
    public void IO01_UnseekableInvalid_PipeWithAnOffset_IsESPIPE()
    {
        using PipePair pipe = PipePair.Pipe();
        Assert.Equal(IoResult.Fail(Errno.ESPIPE), pipe.Reader.ReadAt(_halves, 2));
    }

    [Fact]
    public void IO01_UnseekableValid_PipeAtItsOwnPosition_Reads()
    {
        using PipePair pipe = PipePair.Pipe();
        Assert.Equal(IoResult.Ok(_data.Length), pipe.Writer.WriteNext(_data));

        Assert.Equal(IoResult.Ok(_data.Length), pipe.Reader.ReadNext(_halves));
        Assert.Equal(_data, _buffer.Span);
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _buffer.Dispose();
    }
}
