using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>Commits, and what begins and ends one.</summary>
public sealed partial class BlockFile
{
    private readonly Lock _commitLock = new();
    private readonly Commit _commit = new();

    /// <summary>Runs that the last <see cref="WriteOut"/> could not write, though it tried twice.</summary>
    public IReadOnlyList<BlockRun> FailedRuns => _writer?.FailedRuns ?? [];

    /// <summary>
    /// Makes everything durable that was done before, in one step: after a crash either all of it is there or none. Several threads may call; they
    /// queue.
    /// </summary>
    /// <returns>
    /// EBUSY while a write lease is out (nothing is changed then); EROFS; an error of the device if blocks could not be written (call again to
    /// try again: nothing is lost); EIO once a flush or a root record failed, for ever.
    /// </returns>
    public Errno Sync()
    {
        lock (_commitLock)
        {
            if (_commit.Phase != CommitPhase.Idle)
            {
                // The last one met an error before it was durable; it must be finished before the next can begin.
                Errno rest = FinishCommit();
                if (rest != Errno.None)
                {
                    return rest;
                }
            }

            Errno error = BeginCommit();
            return error == Errno.None ? FinishCommit() : error;
        }
    }

    /// <summary>
    /// First step of a commit: closes the generation. What was done so far belongs to it, what comes later to the next. Takes no I/O. The caller keeps
    /// its own changes away meanwhile.
    /// </summary>
    /// <returns>
    /// EBUSY while a write lease is out; EALREADY if a commit that began is not published yet: go on with <see cref="WriteOut"/>; EROFS; EIO.
    /// </returns>
    public Errno BeginCommit()
    {
        Errno error = CheckWritable();
        if (error != Errno.None)
        {
            return error;
        }

        lock (_gate)
        {
            if (_commit.Phase != CommitPhase.Idle)
            {
                return Errno.EALREADY;
            }

            if (_frames.WriterCount > 0)
            {
                return Errno.EBUSY;
            }

            _commit.Root = new RootRecord
            {
                ImageId = _superblock.Id,
                State = RootState.InUse,
                Generation = _generation,
                SizeBlocks = _allocator.SizeBlocks,
                FreeBlocks = _allocator.FreeBlocks,
                PreviousChecksum = _root.Checksum,
                Time = _options.Clock.GetUtcNow(),
                MountEpoch = _root.MountEpoch,
                Owner = _root.Owner,
                ControlData = _controlData,
            };
            _commit.Phase = CommitPhase.Begun;
            _allocator.BeginCommit(_generation);
            _generation++;
            _contentStamp++;
            FreezeFrames();
            return Errno.None;
        }
    }

    /// <summary>As <see cref="BeginCommit()"/>, with new control data.</summary>
    /// <param name="controlData">At most <see cref="MaxControlDataBytes"/>.</param>
    public Errno BeginCommit(ReadOnlySpan<byte> controlData)
    {
        Errno error = SetControlDataNoSync(controlData);
        return error == Errno.None ? BeginCommit() : error;
    }

    /// <summary>Replaces the control data of the commit that began and is not written yet: for what is only known when its blocks are sealed.</summary>
    /// <returns>EINVAL if it is too long; EALREADY if no commit is at that point.</returns>
    public Errno SetCommitControlData(ReadOnlySpan<byte> controlData)
    {
        if (controlData.Length > MaxControlDataBytes)
        {
            return Errno.EINVAL;
        }

        lock (_gate)
        {
            if (_commit.Phase != CommitPhase.Begun)
            {
                return Errno.EALREADY;
            }

            bool isNewest = ReferenceEquals(_controlData, _commit.Root.ControlData);
            _commit.Root.ControlData = controlData.ToArray();
            _controlData = isNewest ? _commit.Root.ControlData : _controlData;
            return Errno.None;
        }
    }

    /// <summary>
    /// Second step of a commit: all of its I/O. Changes of the next generation go on beside it; one thread at a time calls it. When it succeeds the
    /// commit is durable.
    /// </summary>
    /// <returns>As <see cref="Sync"/>; after an error before the root record it may be called again. EALREADY if no commit was begun.</returns>
    public Errno WriteOut()
    {
        Errno error = CheckWritable();
        if (error != Errno.None)
        {
            return error;
        }

        if (_commit.Phase != CommitPhase.Begun)
        {
            return Errno.EALREADY;
        }

        error = WriteBlocks();
        error = error == Errno.None ? WriteBitmaps() : error;
        error = error == Errno.None ? WriteDescriptors() : error;
        if (error != Errno.None)
        {
            Log($"generation {_commit.Root.Generation} could not be written ({ErrnoText.Describe(error)}); it stays in memory. Make room or mend the disk, then sync again.");
            return error;
        }

        Errno flushed = _device.Flush();
        if (flushed != Errno.None)
        {
            return Fail("a flush", flushed);
        }

        error = RootRing.Write(_device, _commit.Root, _commit.Buffer);
        error = error == Errno.None ? _device.Flush() : error;
        if (error != Errno.None)
        {
            return Fail("its root record", error);
        }

        _commit.Phase = CommitPhase.Written;
        WriteHome();
        DiscardFreed();
        return Errno.None;
    }

    /// <summary>
    /// Third step of a commit: written blocks are clean, freed ones available. Takes no I/O but a change of size. The caller keeps its own changes and
    /// readers without a lease away meanwhile.
    /// </summary>
    /// <exception cref="InvalidOperationException">No commit was written.</exception>
    public void Publish()
    {
        lock (_gate)
        {
            if (_commit.Phase != CommitPhase.Written)
            {
                throw new InvalidOperationException("no commit was written that could be published");
            }

            foreach (int index in _commit.Frames)
            {
                PublishFrame(index);
            }

            _allocator.Publish();
            _root = _commit.Root;
            _contentStamp++;
            _commit.Clear();
        }
    }

    private Errno FinishCommit()
    {
        Errno error = _commit.Phase == CommitPhase.Written ? Errno.None : WriteOut();
        if (error == Errno.None)
        {
            Publish();
        }

        return error;
    }

    private void FreezeFrames()
    {
        for (int index = 0; index < _frames.FrameCount; index++)
        {
            ref Frame frame = ref _frames[index];
            if (frame.State == FrameState.Dirty && frame.MappedCount > 0)
            {
                frame.State = FrameState.Frozen;
                _commit.Frames.Add(index);
                AddPieces(index);
                if (frame.Scratch.BlockCount > 0)
                {
                    // The commit that follows this one no longer needs the copies.
                    _allocator.AddPending(frame.Scratch, _generation);
                    frame.Scratch = default;
                }
            }
        }

        foreach (BlockRun block in _redoBlocks)
        {
            _commit.RedoBlocks.Add(block.First.Value);
            _allocator.AddPending(block, _generation);
        }

        _redoBlocks.Clear();
        _redoEntryCount = 0;
    }

    /// <summary>Splits a frame into what is still its own: blocks freed or replaced since are left out.</summary>
    private void AddPieces(int index)
    {
        ref Frame frame = ref _frames[index];
        for (int start = 0; start < frame.BlockCount;)
        {
            int end = start;
            while (end < frame.BlockCount && (frame.MappedCount == frame.BlockCount || _frames.Find(frame.First + (ulong)end) == index))
            {
                end++;
            }

            if (end > start)
            {
                AddPiece(ref frame, new FramePiece(frame.First + (ulong)start, index, start, end - start));
            }

            start = end + 1;
        }
    }

    private void AddPiece(ref Frame frame, FramePiece piece)
    {
        if (!frame.IsInPlace)
        {
            _commit.FreshPieces.Add(piece);
            return;
        }

        ulong source = frame.Scratch.First.Value + (ulong)piece.OffsetBlocks;
        _commit.InPlacePieces.Add(piece);
        _commit.RedoPieces.Add(piece with { Target = source });
        for (int block = 0; block < piece.BlockCount; block++)
        {
            _commit.RedoEntries.Add(new RedoEntry(piece.Target + (ulong)block, source + (ulong)block, 0));
        }
    }

    private void PublishFrame(int index)
    {
        ref Frame frame = ref _frames[index];
        if (frame.IsInPlace)
        {
            _source.Forget(frame.First, frame.BlockCount);
        }

        frame.State = FrameState.Clean;
        frame.IsInPlace = false;
        for (int offset = 0; offset < frame.BlockCount; offset++)
        {
            var block = new BlockNumber(frame.First + (ulong)offset);
            if (_frames.Find(block.Value) == index && _allocator.CheckInUse(block, 1, out _) == AllocationOutcome.NotInUse)
            {
                _frames.Unmap(block.Value);
            }
        }

        RecycleFrame(index);
    }

    /// <summary>Nothing may be written any more: what is on the device is not known.</summary>
    private Errno Fail(string what, Errno error)
    {
        _failure = Errno.EIO;
        Log($"{what} could not be made durable ({ErrnoText.Describe(error)}); nothing more is written. What was synced before is safe; close and open the image again.");
        return Errno.EIO;
    }
}
