using Microsoft.Win32.SafeHandles;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>The cases of gVisor's pwritev2 system call test, by its names.</summary>
[Trait("Id", "IO-02")]
public sealed class PwriteV2Tests : IDisposable
{
    private const int HalfBytes = 512;

    private readonly byte[] _data = ScratchFile.Pattern(2 * HalfBytes);
    private readonly ScratchFile _scratch = new(new byte[2 * HalfBytes]);
    private readonly NativeBuffer _buffer;
    private readonly IoVec[] _halves;

    public PwriteV2Tests()
    {
        _buffer = IoVecs.Holding(_data);
        _halves = IoVecs.Cut(_buffer, HalfBytes);
    }

    [Fact]
    public void IO02_BaseCall_TwoPieces_AreWrittenInOrder()
    {
        Assert.Equal(IoResult.Ok(_data.Length), _scratch.File.WriteAt(_halves, 0));

        Assert.Equal(_data, _scratch.Content);
        Assert.Equal(0, _scratch.PositionBytes);
    }

    [Fact]
    public void IO02_ValidPositiveOffset_WritesThereAndLeavesThePosition()
    {
        Assert.Equal(IoResult.Ok(_data.Length), _scratch.File.WriteAt(_halves, 500));

        Assert.Equal([.. new byte[500], .. _data], _scratch.Content);
        Assert.Equal(0, _scratch.PositionBytes);
    }

    [Fact]
    public void IO02_NegativeOneOffset_OnlyWriteNextUsesThePositionAndMovesIt()
    {
        _scratch.SeekTo(24);

        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.WriteAt(_halves, -1));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.WriteAllAt(_halves, -1));
        Assert.Equal(new byte[2 * HalfBytes], _scratch.Content);
        Assert.Equal(IoResult.Ok(_data.Length), _scratch.File.WriteNext(_halves));
        Assert.Equal([.. new byte[24], .. _data], _scratch.Content);
        Assert.Equal(24 + _data.Length, _scratch.PositionBytes);
    }

    [Fact]
    public void IO02_HighPriorityFlag_IsAcceptedAndWrites()
    {
        Assert.Equal(IoResult.Ok(_data.Length), _scratch.File.WriteAt(_halves, 0, RwFlags.HighPriority));
        Assert.Equal(_data, _scratch.Content);
    }

    [Fact]
    public void IO02_InvalidFlag_IsEOPNOTSUPP() => Assert.Equal(
        IoResult.Fail(Errno.EOPNOTSUPP),
        _scratch.File.WriteAt(_halves, 0, (RwFlags)0x4000_0000));

    [Fact]
    public void IO02_InvalidOffset_IsEINVAL()
    {
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.WriteAt(_halves, -8));
        Assert.Equal(IoResult.Fail(Errno.EINVAL), _scratch.File.WriteAllAt(_halves, -8));
    }

    [Fact]
    public void IO02_BadFile_IsEBADF()
    {
        using var bad = new HostFile(new SafeFileHandle(-1, ownsHandle: false));
        Assert.Equal(IoResult.Fail(Errno.EBADF), bad.WriteAt(_halves, 0));
    }

    [Fact]
    public void IO02_ReadOnlyFile_IsEBADF()
    {
        using var readOnly = HostFile.Open(_scratch.Path, OpenFlags.ReadOnly);
        Assert.Equal(IoResult.Fail(Errno.EBADF), readOnly.WriteAt(_halves, 0));
    }

    [Fact]
    public void IO02_WithOpath_IsEBADF()
    {
        using var nameOnly = HostFile.Open(_scratch.Path, OpenFlags.Path);
        Assert.Equal(IoResult.Fail(Errno.EBADF), nameOnly.WriteAt(_halves, 0));
    }

    [Fact]
    public void IO02_UnseekableInvalid_PipeWithAnOffset_IsESPIPE()
    {
        using PipePair pipe = PipePair.Pipe();
        Assert.Equal(IoResult.Fail(Errno.ESPIPE), pipe.Writer.WriteAt(_halves, 2));
    }

    [Fact]
    public void IO02_UnseekableValid_PipeAtItsOwnPosition_Writes()
    {
        using PipePair pipe = PipePair.Pipe();
        Assert.Equal(IoResult.Ok(_data.Length), pipe.Writer.WriteNext(_halves));

        byte[] read = new byte[_data.Length];
        Assert.Equal(IoResult.Ok(_data.Length), pipe.Reader.ReadExactlyNext(read));
        Assert.Equal(_data, read);
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _buffer.Dispose();
    }
}
