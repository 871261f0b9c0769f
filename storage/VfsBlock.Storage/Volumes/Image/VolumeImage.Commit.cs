using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>How changes become durable: by a batch of the log, or by a new root.</content>
internal sealed partial class VolumeImage
{
    /// <inheritdoc/>
    /// <remarks>A round of the group commit: everything up to now goes into one batch, and one flush makes batch and data durable.</remarks>
    public Errno Run()
    {
        lock (_turn)
        {
            if (IsDurable())
            {
                return Errno.None;
            }

            Errno error = WriteBatch();
            if (error == Errno.None)
            {
                error = _log.Flush();
            }

            return error == Errno.None && _log.WantsCheckpoint ? CheckpointInTurn() : error;
        }
    }

    /// <summary>Writes everything that changed to its place, and makes a new root name it. Afterwards the log is empty.</summary>
    /// <returns>ENOSPC, or EIO after a failure of the device.</returns>
    public Errno Checkpoint()
    {
        lock (_turn)
        {
            return CheckpointInTurn();
        }
    }

    /// <summary>Called when a change found no memory for nodes or for log records, or no free space.</summary>
    private Errno MakeRoom()
    {
        // The one who makes room has none to wait for.
        if (_turn.IsHeldByCurrentThread)
        {
            return Errno.EBUSY;
        }

        lock (_turn)
        {
            // A batch in the log, not flushed, is enough if it was the log's buffer that is full.
            bool isLogFull = _logBuffer.WaitingBytes >= _fullBytes;
            return isLogFull && !_log.WantsCheckpoint ? WriteBatch() : CheckpointInTurn();
        }
    }

    private bool IsDurable()
    {
        Core.Exclusively(this, static (_, image) => image._isQuiet = image._logBuffer.IsEmpty && image.Data.Buffer.FreeCount == image.Data.Buffer.Capacity);
        return _isQuiet && _log.FlushedThrough + 1 == _log.Head.Sequence;
    }

    private bool _isQuiet;

    // The data that the batch names is on its way at the same time as the batch.
    private Errno WriteBatch()
    {
        Errno error = Data.Cut(this, static (_, image) => image._cutError = image._logBuffer.TryCut(out image._cutBatch) ? Errno.None : Errno.EBUSY);
        error = error == Errno.None ? _cutError : error;
        if (error != Errno.None)
        {
            return error;
        }

        Data.SubmitPlaced();
        LogBatch batch = _cutBatch!;
        error = _log.Write(batch);
        if (error == Errno.ENOSPC)
        {
            // The ring is full: the batch is part of the root instead.
            _log.Skip(batch);
            _logBuffer.Release(batch);
            return CheckpointInTurn();
        }

        _logBuffer.Release(batch);
        Errno written = Data.WaitUntilWritten();
        return error == Errno.None ? written : error;
    }

    private Errno CheckpointInTurn()
    {
        Errno error = Data.Cut(this, static (_, image) => image.CloseGeneration());
        error = error == Errno.None ? _cutError : error;
        if (error != Errno.None)
        {
            return error;
        }

        _log.Skip(_cutBatch!);
        _logBuffer.Release(_cutBatch!);
        error = Data.WaitUntilWritten();
        if (error != Errno.None)
        {
            return error;
        }

        Seal();
        LogPosition position = _log.Head;
        Span<byte> control = stackalloc byte[VolumeControl.EncodedBytes];
        new VolumeControl(SealedState(), _ring, position).Write(control);
        error = _file.SetCommitControlData(control);
        error = error == Errno.None ? _file.WriteOut() : error;
        if (error != Errno.None)
        {
            return error;
        }

        Core.Exclusively(this, static (_, image) => image._file.Publish());
        _log.Trim(position);
        _log.Generation = _file.Generation - 1;
        return Errno.None;
    }

    private VolumeState _closedState;

    private void CloseGeneration()
    {
        ulong closing = _file.Generation;
        if (!_logBuffer.TryCut(out _cutBatch))
        {
            _cutError = Errno.EBUSY;
            return;
        }

        _cutError = _file.BeginCommit();
        if (_cutError != Errno.None)
        {
            _logBuffer.Release(_cutBatch);
            return;
        }

        _closedState = Core.State;
        foreach (TreeSeal seal in _seals)
        {
            seal.Begin(closing);
        }
    }

    // In slices, so that changes wait no longer than one takes.
    private void Seal()
    {
        foreach (TreeSeal seal in _seals)
        {
            while (!seal.IsDone)
            {
                Core.Exclusively(seal, static (_, seal) => seal.Step(SealSliceNodes));
            }
        }
    }

    private VolumeState SealedState() => _closedState with
    {
        SystemTree = _seals[0].Root,
        SharedExtentTree = _seals[1].Root,
        FileTree = _seals[2].Root,
    };
}
