namespace VfsBlock.Interop;

/// <summary>One call's exclusive hold on a <see cref="FileCursorState"/>; lives on the stack of that call.</summary>
internal readonly ref struct FileCursorTurn
{
    private readonly FileCursorState _state;
    private readonly long _stamp;

    /// <inheritdoc cref="FileCursorState.Enter"/>
    public FileCursorTurn(FileCursorState? state, long stamp)
    {
        ObjectDisposedException.ThrowIf(state is null, typeof(FileCursor));
        state.Enter(stamp);
        _state = state;
        _stamp = stamp;
    }

    public HostFile File => _state.File!;

    public RwFlags Flags => _state.Flags;

    /// <summary>Where the transfer starts, or <see cref="TransferLoop.OwnPosition"/>.</summary>
    public long OffsetBytes => _state.IsAtOwnPosition ? TransferLoop.OwnPosition : _state.PositionBytes;

    public long PositionBytes => _state.PositionBytes;

    /// <summary>Moves the position by what the transfer did, whether or not an error ended it.</summary>
    public IoResult Moved(IoResult result)
    {
        _state.PositionBytes += result.Bytes;
        return result;
    }

    public void Dispose() => _state.Leave(_stamp);
}
