using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>The I/O of a commit. Runs without the lock; the descriptors are copied out under it.</summary>
public sealed partial class BlockFile
{
    // Holes smaller than this cost the host more than they give.
    private const long DiscardMinBytes = 32768;

    private FrameWriter? _writer;

    private FrameWriter Writer => _writer ??= new FrameWriter(_device, _queue!, _layout, _frames);

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
