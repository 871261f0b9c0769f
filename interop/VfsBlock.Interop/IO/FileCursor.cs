namespace VfsBlock.Interop;

/// <summary>
/// Reads and writes a <see cref="HostFile"/> from a position of its own onwards. Rented from
/// <see cref="HostFile.RentCursor"/>, given back by <see cref="Dispose"/>; renting, using and returning allocate nothing.
/// </summary>
/// <remarks>
/// Every transfer moves the position by the bytes it did, also when an error ended it. For one thread at a time: a
/// second one gets InvalidOperationException. Copies of the struct are the same cursor; once it was returned, each of
/// them throws ObjectDisposedException, whoever has the pooled state by then. Does not own the file.
/// </remarks>
public readonly struct FileCursor : IDisposable
{
    private readonly FileCursorState? _state;
    private readonly long _stamp;

    internal FileCursor(HostFile file, long positionBytes, bool isAtOwnPosition, RwFlags flags)
    {
        FileCursorState state = FileCursorState.Rent(out _stamp);
        state.File = file;
        state.PositionBytes = positionBytes;
        state.IsAtOwnPosition = isAtOwnPosition;
        state.Flags = flags;
        _state = state;
    }

    /// <summary>
    /// Where the next transfer starts. For a cursor at the descriptor's own position: the bytes this cursor moved.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned.</exception>
    public long PositionBytes
    {
        get
        {
            using FileCursorTurn turn = Take();
            return turn.PositionBytes;
        }
    }

    /// <summary>Reads by one system call; see <see cref="HostFile.ReadAt(Span{byte}, long, RwFlags)"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned, or the file closed.</exception>
    public IoResult Read(Span<byte> buffer)
    {
        using FileCursorTurn turn = Take();
        return turn.Moved(turn.File.ReadOnce(buffer, turn.OffsetBytes, turn.Flags));
    }

    /// <summary>Reads by one system call; see <see cref="HostFile.ReadAt(ReadOnlySpan{IoVec}, long, RwFlags)"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned, or the file closed.</exception>
    public IoResult Read(ReadOnlySpan<IoVec> buffers)
    {
        using FileCursorTurn turn = Take();
        return turn.Moved(turn.File.ReadOnce(buffers, turn.OffsetBytes, turn.Flags));
    }

    /// <summary>Reads until the memory is full or the file ends; see <see cref="HostFile.ReadExactlyAt(Span{byte}, long, RwFlags)"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned, or the file closed.</exception>
    public IoResult ReadExactly(Span<byte> buffer)
    {
        using FileCursorTurn turn = Take();
        return turn.Moved(turn.File.ReadLoop(buffer, turn.OffsetBytes, turn.Flags));
    }

    /// <summary>Reads until the memory is full or the file ends; see <see cref="HostFile.ReadExactlyAt(ReadOnlySpan{IoVec}, long, RwFlags)"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned, or the file closed.</exception>
    public IoResult ReadExactly(ReadOnlySpan<IoVec> buffers)
    {
        using FileCursorTurn turn = Take();
        return turn.Moved(turn.File.ReadLoop(buffers, turn.OffsetBytes, turn.Flags));
    }

    /// <summary>Writes by one system call; see <see cref="HostFile.WriteAt(ReadOnlySpan{byte}, long, RwFlags)"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned, or the file closed.</exception>
    public IoResult Write(ReadOnlySpan<byte> data)
    {
        using FileCursorTurn turn = Take();
        return turn.Moved(turn.File.WriteOnce(data, turn.OffsetBytes, turn.Flags));
    }

    /// <summary>Writes by one system call; see <see cref="HostFile.WriteAt(ReadOnlySpan{IoVec}, long, RwFlags)"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned, or the file closed.</exception>
    public IoResult Write(ReadOnlySpan<IoVec> data)
    {
        using FileCursorTurn turn = Take();
        return turn.Moved(turn.File.WriteOnce(data, turn.OffsetBytes, turn.Flags));
    }

    /// <summary>Writes everything; see <see cref="HostFile.WriteAllAt(ReadOnlySpan{byte}, long, RwFlags)"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned, or the file closed.</exception>
    public IoResult WriteAll(ReadOnlySpan<byte> data)
    {
        using FileCursorTurn turn = Take();
        return turn.Moved(turn.File.WriteLoop(data, turn.OffsetBytes, turn.Flags));
    }

    /// <summary>Writes everything; see <see cref="HostFile.WriteAllAt(ReadOnlySpan{IoVec}, long, RwFlags)"/>.</summary>
    /// <exception cref="ObjectDisposedException">The cursor was returned, or the file closed.</exception>
    public IoResult WriteAll(ReadOnlySpan<IoVec> data)
    {
        using FileCursorTurn turn = Take();
        return turn.Moved(turn.File.WriteLoop(data, turn.OffsetBytes, turn.Flags));
    }

    /// <summary>Gives the cursor back. A second call, on any copy, does nothing.</summary>
    /// <exception cref="InvalidOperationException">Another thread is in a call.</exception>
    public void Dispose() => _state?.Return(_stamp);

    private FileCursorTurn Take() => new(_state, _stamp);
}
