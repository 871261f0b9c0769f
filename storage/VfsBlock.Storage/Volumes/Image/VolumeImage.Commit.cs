using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <content>How changes become durable: by a batch of the log, or by a new root.</content>
/// <remarks>Everything here but the entry points runs in the turn. Fields are guarded by it.</remarks>
internal sealed partial class VolumeImage
{
    private VolumeState _closedState;
    private bool _isClosed;
    private bool _needsRoot;
    private bool _isQuiet;

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

            // A checkpoint that stopped half way (no room on the host, say) must end before the log goes on.
            Errno error = _isClosed || _needsRoot ? CheckpointInTurn() : WriteBatch();
            if (error == Errno.None && _log.FlushedThrough + 1 != _log.Head.Sequence)
            {
                error = _log.Flush();
            }

            if (_file.WantsWriteAhead)
            {
                Core.Maintenance.Raise();
            }

            return Ended(error == Errno.None && _log.WantsCheckpoint ? CheckpointInTurn() : error);
        }
    }

    /// <summary>Writes everything that changed to its place, and makes a new root name it. Afterwards the log is empty.</summary>
    /// <returns>
    /// ENOSPC if the host has no room: nothing is lost, and the next call goes on where this one stopped. EIO after a failure of the device.
    /// </returns>
    public Errno Checkpoint()
    {
        lock (_turn)
        {
            return Ended(CheckpointInTurn());
        }
    }

    /// <summary>Called when a change found no memory for nodes or for log records, or no free space.</summary>
    private Errno MakeRoom()
    {
        // Whoever has the turn is making room already.
        if (_turn.IsHeldByCurrentThread)
        {
            return Errno.EBUSY;
        }

        lock (_turn)
        {
            // A batch in the log, not flushed, is enough if it was the log's buffer that is full.
            bool isLogFull = _logBuffer.WaitingBytes >= _fullBytes;
            Errno error = isLogFull && !_isClosed && !_needsRoot && !_log.WantsCheckpoint ? WriteBatch() : CheckpointInTurn();
            if (_log.WantsCheckpoint)
            {
                // The change goes on; the checkpoint is made beside those that follow.
                Core.Maintenance.Raise();
            }

            return Ended(error);
        }
    }

    /// <summary>
    /// Called when a change found no free space: what was deleted becomes free by a commit, or by the one after it; and what is kept for placing what is dirty.
    /// </summary>
    private Errno MakeSpace()
    {
        for (int round = 0; round < 2 && (_file.PendingFreeBlockCount > 0 || Data.Buffer.DirtyCount > 0); round++)
        {
            if (_turn.IsHeldByCurrentThread || Checkpoint() is not Errno.None)
            {
                break;
            }
        }

        return Errno.None;
    }

    // After a failed flush nobody knows what the device holds: what is in memory can be read, and nothing is changed any more.
    private Errno Ended(Errno error)
    {
        if (HasFailed)
        {
            Core.RefuseChanges();
            return Errno.EIO;
        }

        return error;
    }

    private bool IsDurable()
    {
        // Seen without the lock: whoever asks sees his own changes, and what is written in vain is an empty batch.
        if (!_logBuffer.IsEmpty)
        {
            return false;
        }

        Core.Exclusively(this, static (_, image) => image._isQuiet = image._logBuffer.IsEmpty && image.Data.Buffer.FreeCount == image.Data.Buffer.Capacity);
        return _isQuiet && !_isClosed && !_needsRoot && _log.FlushedThrough + 1 == _log.Head.Sequence;
    }

    // The data that the batch names is on its way at the same time as the batch.
    private Errno WriteBatch()
    {
        if (Core.IsBroken)
        {
            return Errno.EIO;
        }

        Errno error = Data.Cut(this, static (_, image) => image._cutError = image._logBuffer.TryCut(out image._cutBatch) ? Errno.None : Errno.EBUSY);
        error = error == Errno.None ? _cutError : error;
        if (error != Errno.None)
        {
            return error;
        }

        Data.SubmitPlaced();
        LogBatch batch = _cutBatch!;
        error = _log.Write(batch);
        if (error != Errno.None && !_log.HasFailed)
        {
            // The ring is full, or cannot be written: the batch becomes part of the root instead.
            _log.Skip(batch);
            _needsRoot = true;
        }

        _logBuffer.Release(batch);
        if (_log.HasFailed)
        {
            return Errno.EIO;
        }

        // If data is not where the batch says, recovery would stop there. A root does not need the batch.
        Errno written = Data.FinishWrites(out bool hasFailed);
        _needsRoot |= hasFailed;
        return written == Errno.None && _needsRoot ? CheckpointInTurn() : written;
    }

    private Errno CheckpointInTurn()
    {
        bool isResumed;
        bool hasFailed;
        do
        {
            // A generation that was closed before this call does not have what was done since.
            isResumed = _isClosed;
            Errno error = HasFailed ? Errno.EIO : _isClosed ? Errno.None : WriteData();
            error = error == Errno.None && !_isClosed ? Close() : error;
            if (error != Errno.None)
            {
                return error;
            }

            // What came in between the two. If some of it was moved, that is in the next generation only: one more root names it.
            error = Data.FinishWrites(out hasFailed);
            _needsRoot |= hasFailed;
            error = error == Errno.None ? WriteRoot() : error;
            if (error != Errno.None)
            {
                return error;
            }
        }
        while (hasFailed || isResumed);

        _needsRoot = false;
        return Errno.None;
    }

    // Before the generation closes: data that a device refuses then gets another place in the same generation, and its root names no block that was not written.
    private Errno WriteData()
    {
        Errno error = Data.Cut(this, static (_, _) => { });
        return error == Errno.None ? Data.FinishWrites(out _) : error;
    }

    // Everything up to now belongs to the root that is written next; changes go on in the next generation.
    private Errno Close()
    {
        Errno error = Data.Cut(this, static (_, image) => image.CloseGeneration());
        error = error == Errno.None ? _cutError : error;
        if (error != Errno.None)
        {
            return error;
        }

        _log.Skip(_cutBatch!);
        _logBuffer.Release(_cutBatch!);
        _isClosed = true;
        return Errno.None;
    }

    private void CloseGeneration()
    {
        // Seen here again: a change may have stopped half way since this commit began.
        ulong closing = _file.Generation;
        _cutError = Core.IsBroken ? Errno.EIO : _file.BeginCommit();
        if (_cutError != Errno.None)
        {
            return;
        }

        if (!_logBuffer.TryCut(out _cutBatch))
        {
            throw new InvalidOperationException("the batch before was not given back");
        }

        _closedState = Core.State;
        foreach (TreeSeal seal in _seals)
        {
            seal.Begin(closing);
        }
    }

    private Errno WriteRoot()
    {
        if (Seal() != Errno.None)
        {
            return Errno.EIO;
        }

        LogPosition position = _log.Head;
        Span<byte> control = stackalloc byte[VolumeControl.EncodedBytes];
        new VolumeControl(SealedState(), _ring, position).Write(control);
        Errno error = _file.SetCommitControlData(control);
        error = error == Errno.None ? _file.WriteOut() : error;
        if (error != Errno.None)
        {
            return error;
        }

        Core.Exclusively(this, static (_, image) =>
        {
            image._file.Publish();
            image._store.NotePublished();
        });
        _log.Trim(position);
        _log.Generation = _file.Generation - 1;
        _isClosed = false;
        return Errno.None;
    }

    // In slices, so that changes wait no longer than one takes.
    private Errno Seal()
    {
        try
        {
            foreach (TreeSeal seal in _seals)
            {
                while (!seal.IsDone)
                {
                    Core.Exclusively(seal, static (_, seal) => seal.Step(SealSliceNodes));
                }
            }
        }
        catch (TreeDamagedException)
        {
            Core.Break();
            return Errno.EIO;
        }

        return Errno.None;
    }

    private VolumeState SealedState() => _closedState with
    {
        SystemTree = _seals[0].Root,
        SharedExtentTree = _seals[1].Root,
        FileTree = _seals[2].Root,
    };
}
