using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>The I/O of a commit. Runs without the lock; the descriptors are copied out under it.</summary>
public sealed partial class BlockFile
{
    // Holes smaller than this cost the host more than they give.
    private const long DiscardMinBytes = 32768;

    private FrameWriter? _writer;

    private FrameWriter Writer => _writer ??= new FrameWriter(_device, _queue!, _layout, _frames);

    /// <summary>
    /// Writes blocks of the open generation to their places ahead of its commit, so that their frames are free for others. No root reaches them before that commit;
    /// a block that changes after this call needs another place. Nobody changes blocks, commits or reads without a lease meanwhile.
    /// </summary>
    /// <param name="mayWrite">Says of what a frame holds whether it is as the commit needs it.</param>
    /// <param name="leftCount">How many changed frames were not written.</param>
    /// <returns>EBUSY while a commit that began is not published; EROFS; an error of the device: then everything stays in memory.</returns>
    internal Errno WriteEarly(NodeCheck mayWrite, out int leftCount)
    {
        leftCount = 0;
        Errno error = CheckWritable();
        if (error != Errno.None)
        {
            return error;
        }

        lock (_commitLock)
        {
            List<FramePiece> pieces = [];
            lock (_gate)
            {
                if (_commit.Phase != CommitPhase.Idle)
                {
                    return Errno.EBUSY;
                }

                leftCount = CollectEarly(mayWrite, pieces);
            }

            error = Writer.Write(pieces);
            lock (_gate)
            {
                foreach (FramePiece piece in pieces)
                {
                    _frames[piece.Frame].State = error == Errno.None ? FrameState.Clean : FrameState.Dirty;
                }
            }

            return error;
        }
    }

    /// <summary>Only whole frames that no root reaches and no lease changes.</summary>
    private int CollectEarly(NodeCheck mayWrite, List<FramePiece> pieces)
    {
        int leftCount = 0;
        for (int index = 0; index < _frames.FrameCount; index++)
        {
            ref Frame frame = ref _frames[index];
            if (frame.State != FrameState.Dirty)
            {
                continue;
            }

            if (frame.MappedCount == frame.BlockCount && !frame.IsInPlace && frame.WriterCount == 0 && mayWrite(_frames.BytesOf(index)))
            {
                pieces.Add(new FramePiece(frame.First, index, 0, frame.BlockCount));
            }
            else
            {
                leftCount++;
            }
        }

        return leftCount;
    }

    private Errno WriteBlocks()
    {
        Errno error = Writer.Write(_commit.FreshPieces);
        if (error != Errno.None || _commit.RedoEntries.Count == 0)
        {
            return error;
        }

        error = Writer.Write(_commit.RedoPieces);
        if (error != Errno.None)
        {
            return error;
        }

        SumRedoEntries();
        return RedoList.Write(_device, _layout, _commit.RedoEntries, _commit.RedoBlocks, _commit.Root);
    }

    // The entries were made piece by piece in the order of the places that they go to in the end.
    private void SumRedoEntries()
    {
        Dictionary<ulong, uint> sums = [];
        foreach (FramePiece piece in _commit.RedoPieces)
        {
            for (int block = 0; block < piece.BlockCount; block++)
            {
                Span<byte> bytes = _frames.BytesOf(piece.Frame).Slice((int)_layout.BytesOf((ulong)(piece.OffsetBlocks + block)), BlockSizeBytes);
                sums[piece.Target + (ulong)block] = Crc32C.Compute(bytes);
            }
        }

        for (int index = 0; index < _commit.RedoEntries.Count; index++)
        {
            RedoEntry entry = _commit.RedoEntries[index];
            _commit.RedoEntries[index] = entry with { Checksum = sums[entry.Source] };
        }
    }

    private Errno WriteBitmaps()
    {
        foreach (BlockGroup group in _allocator.CommittingGroups)
        {
            GroupDescriptor next = group.NextDescriptor;
            IoResult result = _device.Write(group.CommittedBytes, _layout.BitmapOffsetBytes(group.Index, next.Slot));
            if (!result.Succeeded)
            {
                return result.Error;
            }

            group.NextDescriptor = next with { Checksum = Crc32C.Compute(group.CommittedBytes) };
        }

        return Errno.None;
    }

    private Errno WriteDescriptors()
    {
        int groupCount = _layout.GroupCount(_commit.Root.SizeBlocks);
        var pages = new PageReference[ImageLayout.PageCount(groupCount)];
        _root.Pages.AsSpan(0, Math.Min(pages.Length, _root.Pages.Length)).CopyTo(pages);
        var isChanged = new bool[pages.Length];
        foreach (BlockGroup group in _allocator.CommittingGroups)
        {
            isChanged[ImageLayout.PageOf(group.Index)] = true;
        }

        Span<byte> bytes = _commit.Buffer.Span[..ImageLayout.PageBytes];
        for (int page = 0; page < pages.Length; page++)
        {
            if (!isChanged[page])
            {
                continue;
            }

            EncodePage(page, groupCount, bytes);
            int slot = pages[page].IsWritten ? 1 - pages[page].Slot : 0;
            IoResult result = _device.Write(bytes, _layout.DescriptorOffsetBytes(page, slot));
            if (!result.Succeeded)
            {
                return result.Error;
            }

            pages[page] = new PageReference(Crc32C.Compute(bytes), slot, true);
        }

        _commit.Root.Pages = pages;
        return Errno.None;
    }

    private void EncodePage(int page, int groupCount, Span<byte> bytes)
    {
        bytes.Clear();
        int first = page * ImageLayout.GroupsPerPage;
        lock (_gate)
        {
            for (int index = first; index < Math.Min(groupCount, first + ImageLayout.GroupsPerPage); index++)
            {
                BlockGroup group = _allocator.Groups[index];
                bool isCommitting = group.NextDescriptor.Generation == _commit.Root.Generation;
                GroupDescriptor descriptor = isCommitting ? group.NextDescriptor : group.Descriptor;
                descriptor.Encode(bytes[((index - first) * GroupDescriptor.SizeBytes)..]);
            }
        }
    }

    /// <summary>Brings what changed in place to its place. The commit is durable without it: opening would do it again.</summary>
    private void WriteHome()
    {
        Errno error = _commit.InPlacePieces.Count == 0 ? Errno.None : Writer.Write(_commit.InPlacePieces);
        if (error != Errno.None)
        {
            // The next root record would forget the copies.
            Fail("a block that changed in place", error);
        }
    }

    /// <summary>Gives the space of freed blocks back, before they may be used again.</summary>
    private void DiscardFreed()
    {
        lock (_gate)
        {
            _allocator.CollectReleasable(_commit.Root.Generation);
        }

        IReadOnlyList<BlockRun> runs = _allocator.ReleasingRuns;
        for (int index = 0; index < runs.Count;)
        {
            BlockNumber first = runs[index].First;
            BlockNumber end = runs[index].End;
            for (index++; index < runs.Count && runs[index].First == end; index++)
            {
                end = runs[index].End;
            }

            long lengthBytes = _layout.BytesOf(end.Value - first.Value);
            if (lengthBytes >= DiscardMinBytes && _device.Discard(first.OffsetBytes(BlockSizeBytes), lengthBytes) is Errno error && error != Errno.None)
            {
                Log($"{lengthBytes} freed bytes could not be given back: {ErrnoText.Describe(error)}");
            }
        }
    }
}
