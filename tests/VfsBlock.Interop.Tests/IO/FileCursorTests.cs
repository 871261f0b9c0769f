using Xunit;

namespace VfsBlock.Interop.Tests;

public sealed class FileCursorTests : IDisposable
{
    private readonly byte[] _data = ScratchFile.Pattern(1000);
    private readonly ScratchFile _scratch;

    public FileCursorTests() => _scratch = new ScratchFile(_data);

    [Fact]
    public void Read_Twice_MovesAlongAndLeavesTheDescriptorAlone()
    {
        using FileCursor cursor = _scratch.File.RentCursor(100);
        byte[] bytes = new byte[300];

        Assert.Equal(IoResult.Ok(300), cursor.Read(bytes));
        Assert.Equal(IoResult.Ok(300), cursor.ReadExactly(bytes));
        Assert.Equal(_data[400..700], bytes);
        Assert.Equal(700, cursor.PositionBytes);
        Assert.Equal(0, _scratch.PositionBytes);
    }

    [Fact]
    public void ReadExactly_Pieces_StopsAtTheEnd()
    {
        using NativeBuffer buffer = new(1000);
        using FileCursor cursor = _scratch.File.RentCursor(10);

        Assert.Equal(IoResult.Ok(20), cursor.Read([new IoVec(buffer, 0, 20)]));
        Assert.Equal(IoResult.Ok(970), cursor.ReadExactly(IoVecs.Cut(buffer, 7)));
        Assert.Equal(_data.AsSpan(30), buffer.Span[..970]);
        Assert.Equal(1000, cursor.PositionBytes);
        Assert.Equal(IoResult.Ok(0), cursor.ReadExactly(IoVecs.Cut(buffer, 7)));
    }

    [Fact]
    public void Write_EveryForm_WritesOneBehindTheOther()
    {
        using NativeBuffer buffer = IoVecs.Holding(_data);
        using FileCursor cursor = _scratch.File.RentCursor(1000);

        Assert.Equal(IoResult.Ok(100), cursor.Write(_data.AsSpan(0, 100)));
        Assert.Equal(IoResult.Ok(100), cursor.WriteAll(_data.AsSpan(100, 100)));
        Assert.Equal(IoResult.Ok(100), cursor.Write([new IoVec(buffer, 200, 100)]));
        Assert.Equal(IoResult.Ok(700), cursor.WriteAll([new IoVec(buffer, 300, 300), new IoVec(buffer, 600, 400)]));
        Assert.Equal([.. _data, .. _data], _scratch.Content);
        Assert.Equal(2000, cursor.PositionBytes);
    }

    [Fact]
    public void Transfer_NoPieces_MovesNothing()
    {
        using FileCursor cursor = _scratch.File.RentCursor(5);
        Assert.Equal(IoResult.Ok(0), cursor.Read(ReadOnlySpan<IoVec>.Empty));
        Assert.Equal(IoResult.Ok(0), cursor.WriteAll(ReadOnlySpan<IoVec>.Empty));
        Assert.Equal(5, cursor.PositionBytes);
    }

    [Fact]
    public void ReadExactly_ErrorAfterSomeBytes_MovesByThem()
    {
        using NativeBuffer buffer = new(100);
        using FileCursor cursor = _scratch.File.RentCursor(0);

        Assert.Equal(new IoResult(100, Errno.EFAULT), cursor.ReadExactly([new IoVec(buffer), new IoVec(1, 100)]));
        Assert.Equal(100, cursor.PositionBytes);
    }

    [Fact]
    public void RentCursor_Flags_GoWithEveryTransfer()
    {
        using FileCursor cursor = _scratch.File.RentCursor(0, (RwFlags)0x4000_0000);
        Assert.Equal(IoResult.Fail(Errno.EOPNOTSUPP), cursor.Read(new byte[1]));
        Assert.Equal(IoResult.Fail(Errno.EOPNOTSUPP), cursor.WriteAll(new byte[1]));
    }

    [Fact]
    public void RentCursor_NegativePosition_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _scratch.File.RentCursor(-1));

    [Fact]
    public void RentCursorNext_File_UsesTheDescriptorsOwnPosition()
    {
        _scratch.SeekTo(900);
        using FileCursor cursor = _scratch.File.RentCursorNext();

        Assert.Equal(IoResult.Ok(50), cursor.Read(new byte[50]));
        Assert.Equal(IoResult.Ok(50), cursor.ReadExactly(new byte[100]));
        Assert.Equal(1000, _scratch.PositionBytes);
        Assert.Equal(100, cursor.PositionBytes);
    }

    [Fact]
    public void RentCursorNext_Pipe_Works()
    {
        using PipePair pipe = PipePair.Pipe();
        using FileCursor writer = pipe.Writer.RentCursorNext();
        using FileCursor reader = pipe.Reader.RentCursorNext();

        Assert.Equal(IoResult.Ok(3), writer.WriteAll([1, 2, 3]));
        Assert.Equal(IoResult.Ok(3), reader.ReadExactly(new byte[3]));
    }

    [Fact]
    public void Use_AfterReturn_Throws()
    {
        FileCursor cursor = _scratch.File.RentCursor(0);
        cursor.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cursor.Read(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => cursor.WriteAll(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => cursor.PositionBytes);
        Assert.Throws<ObjectDisposedException>(() => default(FileCursor).PositionBytes);
        default(FileCursor).Dispose();
    }

    [Fact]
    public void Use_AfterReturnAndRentByAnother_ThrowsAndLeavesTheOtherAlone()
    {
        FileCursor stale = _scratch.File.RentCursor(0);
        FileCursor copy = stale;
        stale.Dispose();
        using FileCursor current = _scratch.File.RentCursor(500);

        Assert.Throws<ObjectDisposedException>(() => stale.WriteAll(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => copy.Read(new byte[1]));
        stale.Dispose();
        copy.Dispose();

        Assert.Equal(500, current.PositionBytes);
        Assert.Equal(IoResult.Ok(500), current.ReadExactly(new byte[1000]));
        Assert.Equal(_data, _scratch.Content);
    }

    [Fact]
    public void Use_ManyAtOnce_EachHasItsOwnPosition()
    {
        FileCursor[] cursors = [.. Enumerable.Range(0, 100).Select(i => _scratch.File.RentCursor(i))];
        byte[] bytes = new byte[1];
        for (int index = 0; index < cursors.Length; index++)
        {
            Assert.Equal(IoResult.Ok(1), cursors[index].Read(bytes));
            Assert.Equal(_data[index], bytes[0]);
        }

        Array.ForEach(cursors, c => c.Dispose());
        Assert.All(cursors, c => Assert.Throws<ObjectDisposedException>(() => c.PositionBytes));
    }

    [Fact]
    public void Use_ByTwoThreadsAtOnce_IsRefused()
    {
        using PipePair pipe = PipePair.Pipe();
        FileCursor cursor = pipe.Reader.RentCursorNext();
        IoResult result = default;
        var thread = new Thread(() => result = cursor.ReadExactly(new byte[2]));
        thread.IsBackground = true;
        thread.Start();
        pipe.Writer.WriteAllNext([1]);
        pipe.WaitUntilDrained();

        Assert.Throws<InvalidOperationException>(() => cursor.Read(new byte[1]));
        Assert.Throws<InvalidOperationException>(() => cursor.Dispose());
        pipe.Writer.WriteAllNext([2]);
        thread.Join();
        Assert.Equal(IoResult.Ok(2), result);
        cursor.Dispose();
    }

    [Fact]
    public void Use_FileClosed_ThrowsAndTheCursorCanStillBeReturned()
    {
        FileCursor cursor = _scratch.File.RentCursor(0);
        _scratch.File.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cursor.Read(new byte[1]));
        Assert.Equal(0, cursor.PositionBytes);
        cursor.Dispose();
    }

    public void Dispose() => _scratch.Dispose();
}
