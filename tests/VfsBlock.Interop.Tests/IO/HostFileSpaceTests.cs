using Xunit;

namespace VfsBlock.Interop.Tests;

public sealed class HostFileSpaceTests : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly byte[] _data = ScratchFile.Pattern(4 * BlockBytes);
    private readonly ScratchFile _scratch;

    public HostFileSpaceTests() => _scratch = new ScratchFile(_data);

    [Fact]
    public void GetSize_File_IsItsSize()
    {
        Assert.Equal(Errno.None, _scratch.File.GetSize(out long sizeBytes));
        Assert.Equal(_data.Length, sizeBytes);
    }

    [Fact]
    public void Resize_SmallerAndLarger_CutsAndGrowsWithZeros()
    {
        Assert.Equal(Errno.None, _scratch.File.Resize(10));
        Assert.Equal(_data[..10], _scratch.Content);
        Assert.Equal(Errno.None, _scratch.File.Resize(100));
        Assert.Equal([.. _data[..10], .. new byte[90]], _scratch.Content);
    }

    [Fact]
    public void Resize_NegativeOrReadOnly_IsEINVAL()
    {
        using var readOnly = HostFile.Open(_scratch.Path, OpenFlags.ReadOnly);
        Assert.Equal(Errno.EINVAL, _scratch.File.Resize(-1));
        Assert.Equal(Errno.EINVAL, readOnly.Resize(0));
        Assert.Equal(_data, _scratch.Content);
    }

    [Fact]
    public void Allocate_BeyondTheEnd_GrowsUnlessToldToKeepTheSize()
    {
        Assert.Equal(Errno.None, _scratch.File.Allocate(FallocateModes.KeepSize, _data.Length, BlockBytes));
        Assert.Equal(_data, _scratch.Content);
        Assert.Equal(Errno.None, _scratch.File.Allocate(FallocateModes.None, _data.Length, BlockBytes));
        Assert.Equal([.. _data, .. new byte[BlockBytes]], _scratch.Content);
    }

    [Fact]
    public void Allocate_PunchHole_ReadsAsZerosAndKeepsTheSize()
    {
        Errno error = _scratch.File.Allocate(FallocateModes.PunchHole | FallocateModes.KeepSize, BlockBytes, BlockBytes);

        if (error != Errno.EOPNOTSUPP)
        {
            Assert.Equal(Errno.None, error);
            Assert.Equal([.. _data[..BlockBytes], .. new byte[BlockBytes], .. _data[(2 * BlockBytes)..]], _scratch.Content);
        }
    }

    [Fact]
    public void Allocate_BadRange_IsEINVAL()
    {
        Assert.Equal(Errno.EINVAL, _scratch.File.Allocate(FallocateModes.None, 0, 0));
        Assert.Equal(Errno.EINVAL, _scratch.File.Allocate(FallocateModes.None, -1, 10));
        Assert.Equal(Errno.EINVAL, _scratch.File.Allocate(FallocateModes.None, 0, -10));
        Assert.Equal(Errno.EFBIG, _scratch.File.Allocate(FallocateModes.None, long.MaxValue, 10));
    }

    [Fact]
    public void Allocate_ReadOnlyFile_IsEBADF()
    {
        using var readOnly = HostFile.Open(_scratch.Path, OpenFlags.ReadOnly);
        Assert.Equal(Errno.EBADF, readOnly.Allocate(FallocateModes.None, 0, 10));
    }

    [Fact]
    public void Flush_File_Succeeds()
    {
        Assert.Equal(IoResult.Ok(10), _scratch.File.WriteAllAt(new byte[10], 0));
        Assert.Equal(Errno.None, _scratch.File.Flush());
        Assert.Equal(Errno.None, _scratch.File.FlushData());
    }

    [Fact]
    public void Flush_Pipe_IsEINVAL()
    {
        using PipePair pipe = PipePair.Pipe();
        Assert.Equal(Errno.EINVAL, pipe.Writer.Flush());
        Assert.Equal(Errno.EINVAL, pipe.Writer.FlushData());
    }

    public void Dispose() => _scratch.Dispose();
}
