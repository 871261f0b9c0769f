using System.Numerics;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The newest bytes of files on their way to the device: a fixed number of chunks in native memory, found by inode and position.
/// Bytes gather in a dirty chunk; placing it (<see cref="Place"/>) freezes it; <see cref="SubmitPlaced"/> writes it in the background; when
/// <see cref="Reap"/> has seen all its writes, <see cref="Release"/> lets it go. Readers look here before they look at extents.
/// </summary>
/// <remarks>
/// Owns the memory and the queue. The volume's lock guards table and slots: held shared for <see cref="Find"/> and reading, exclusively for
/// everything that changes them. Only <see cref="SubmitPlaced"/> and <see cref="Reap"/> run without it: they touch nothing but <see cref="WriteChunk.PendingCount"/>
/// and <see cref="WriteChunk.Error"/> of placed chunks, and one thread at a time may do so. Nothing allocates after the constructor.
/// </remarks>
internal sealed partial class WriteBuffer : IDisposable
{
    private const int None = -1;

    private readonly IoBufferPool _pool;
    private readonly WriteChunk[] _chunks;

    // Null for a device that is only read: nothing is ever placed then.
    private readonly ChunkWrites? _writes;

    // Open addressing by (inode, chunk index): the newest slot of that piece, plus one; 0 is an empty place.
    private readonly int[] _table;
    private readonly int[] _freeSlots;
    private readonly Action<int>? _dirtyCountChanged;
    private int _freeCount;

    /// <summary>Sets memory for <paramref name="chunkCount"/> chunks aside; the kernel gives it page by page as it is used.</summary>
    /// <param name="device">Where they go.</param>
    /// <param name="chunkCount">How many.</param>
    /// <param name="dirtyCountChanged">Told how many are dirty, the volume's lock held.</param>
    public WriteBuffer(IBlockDevice device, int chunkCount, Action<int>? dirtyCountChanged = null)
    {
        _dirtyCountChanged = dirtyCountChanged;
        _pool = new IoBufferPool(WriteChunk.LengthBytes, chunkCount);
        _chunks = new WriteChunk[chunkCount];
        _writes = device.IsReadOnly ? null : new ChunkWrites(device, _chunks);
        _freeSlots = new int[chunkCount];
        for (int slot = 0; slot < chunkCount; slot++)
        {
            _freeSlots[slot] = chunkCount - 1 - slot;
        }

        _freeCount = chunkCount;
        _table = new int[BitOperations.RoundUpToPowerOf2((uint)chunkCount * 2)];
    }

    /// <summary>How many chunks there are.</summary>
    public int Capacity => _chunks.Length;

    /// <summary>How many chunks nobody uses.</summary>
    public int FreeCount => Volatile.Read(ref _freeCount);

    /// <summary>Chunks that gather writes.</summary>
    public int DirtyCount
    {
        get;
        private set
        {
            field = value;
            _dirtyCountChanged?.Invoke(value);
        }
    }

    /// <summary>Chunks that were placed and not released.</summary>
    public int PlacedCount { get; private set; }

    /// <summary>A chunk by its slot.</summary>
    public ref WriteChunk this[int slot] => ref _chunks[slot];

    /// <summary>The newest chunk of a piece of a file; -1 if there is none. Follow <see cref="WriteChunk.OlderSlot"/> for blocks that it does not hold.</summary>
    public int Find(InodeNumber inode, ulong chunkIndex)
    {
        if (_freeCount == _chunks.Length)
        {
            return None;
        }

        int slot = _table[Locate(inode, chunkIndex)] - 1;
        return slot;
    }

    /// <summary>The newest copy of one block of a file, or an empty span.</summary>
    public ReadOnlySpan<byte> FindBlock(InodeNumber inode, ulong fileBlock)
    {
        int bit = (int)(fileBlock % WriteChunk.BlockCount);
        for (int slot = Find(inode, fileBlock / WriteChunk.BlockCount); slot != None; slot = _chunks[slot].OlderSlot)
        {
            if ((_chunks[slot].ValidMask >> bit & 1) != 0)
            {
                return _chunks[slot].Lease.ReadOnlySpan.Slice(bit * WriteChunk.BlockSizeBytes, WriteChunk.BlockSizeBytes);
            }
        }

        return default;
    }

    /// <summary>The dirty chunk of a piece of a file; made, with no block in it, if there is none. There must be a free one.</summary>
    public int TakeDirty(InodeNumber inode, ulong chunkIndex)
    {
        int place = Locate(inode, chunkIndex);
        int newest = _table[place] - 1;
        if (newest != None && _chunks[newest].State == ChunkState.Dirty)
        {
            return newest;
        }

        int slot = _freeSlots[--_freeCount];
        _chunks[slot] = new WriteChunk
        {
            Lease = _pool.Rent(),
            Inode = inode,
            ChunkIndex = chunkIndex,
            OlderSlot = newest,
            State = ChunkState.Dirty,
        };
        _table[place] = slot + 1;
        DirtyCount++;
        return slot;
    }

    /// <summary>The slot of a piece of a file if it is dirty and full. May be called without the lock, and then be wrong.</summary>
    public int FindFull(InodeNumber inode, ulong chunkIndex)
    {
        for (int slot = 0; slot < _chunks.Length; slot++)
        {
            ref WriteChunk chunk = ref _chunks[slot];
            if (chunk.ChunkIndex == chunkIndex && chunk.Inode == inode && chunk.ValidMask == WriteChunk.FullMask && chunk.State == ChunkState.Dirty)
            {
                return slot;
            }
        }

        return None;
    }

    /// <summary>Releases every chunk whose writes are done and went well.</summary>
    public void ReleaseWritten()
    {
        for (int slot = 0; slot < _chunks.Length && PlacedCount > 0; slot++)
        {
            ref WriteChunk chunk = ref _chunks[slot];
            if (chunk.State == ChunkState.Placed && Volatile.Read(ref chunk.IsSubmitted) && Volatile.Read(ref chunk.PendingCount) == 0 && chunk.Error == Errno.None)
            {
                Release(slot);
            }
        }
    }

    /// <summary>Freezes a dirty chunk, or moves a placed one, whose <see cref="WriteChunk.Blocks"/> were filled in; its writes are still to be submitted.</summary>
    public void Place(int slot)
    {
        ref WriteChunk chunk = ref _chunks[slot];
        chunk.WriteMask = chunk.ValidMask;
        for (int older = chunk.OlderSlot; older != None; older = _chunks[older].OlderSlot)
        {
            // Nobody needs these any more, so should their write fail it is not done again.
            _chunks[older].ValidMask &= ~chunk.ValidMask;
        }

        if (chunk.State == ChunkState.Placed)
        {
            return;
        }

        chunk.State = ChunkState.Placed;
        DirtyCount--;
        PlacedCount++;
    }

    /// <summary>Writes submitted and not reaped.</summary>
    public int InFlightCount => _writes?.InFlightCount ?? 0;

    /// <inheritdoc cref="ChunkWrites.SubmitPlaced"/>
    public void SubmitPlaced() => _writes?.SubmitPlaced();

    /// <inheritdoc cref="ChunkWrites.Reap"/>
    public void Reap(int minimum) => _writes?.Reap(minimum);

    /// <inheritdoc cref="ChunkWrites.ReapAll"/>
    public void ReapAll() => _writes?.ReapAll();

    /// <summary>Why the writes of a placed chunk failed; None if they did not, or are not done.</summary>
    public Errno FailureOf(int slot)
    {
        ref WriteChunk chunk = ref _chunks[slot];
        return chunk.State == ChunkState.Placed && chunk.IsSubmitted && chunk.PendingCount == 0 ? chunk.Error : Errno.None;
    }

    /// <summary>Forgets a failure: the chunk's writes are submitted once more, or if no block of it is wanted any more it is released.</summary>
    public void WriteAgain(int slot)
    {
        ref WriteChunk chunk = ref _chunks[slot];
        chunk.Error = Errno.None;
        chunk.IsSubmitted = false;

        // Blocks that the file no longer has may be somebody else's by now.
        chunk.WriteMask &= chunk.ValidMask;
        if (chunk.ValidMask == 0)
        {
            Release(slot);
        }
    }

    /// <summary>Takes a chunk out: a dirty one that holds nothing any more, or a placed one whose writes are done.</summary>
    public void Release(int slot)
    {
        ref WriteChunk chunk = ref _chunks[slot];
        if (chunk.State == ChunkState.Dirty)
        {
            DirtyCount--;
        }
        else
        {
            PlacedCount--;
        }

        Unlink(slot, chunk.Inode, chunk.ChunkIndex, chunk.OlderSlot);
        chunk.Lease.Dispose();
        chunk = default;
        _freeSlots[_freeCount++] = slot;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writes?.Dispose();
        for (int slot = 0; slot < _chunks.Length; slot++)
        {
            if (_chunks[slot].State != ChunkState.Free)
            {
                _chunks[slot].Lease.Dispose();
            }
        }

        _pool.Dispose();
    }

    /// <summary>How many blocks from <paramref name="first"/> on the mask has that lie next to each other on the device.</summary>
    public static int RunLength(uint mask, in ChunkBlocks blocks, int first)
    {
        int count = 0;
        while (first + count < WriteChunk.BlockCount
            && (mask >> (first + count) & 1) != 0
            && (count == 0 || blocks[first + count] == blocks[first] + (ulong)count))
        {
            count++;
        }

        return count;
    }

    // The table's place of this piece, or the empty one where it belongs. At most half of the table is in use.
    private int Locate(InodeNumber inode, ulong chunkIndex)
    {
        int place = Home(inode, chunkIndex);
        while (_table[place] != 0)
        {
            ref WriteChunk chunk = ref _chunks[_table[place] - 1];
            if (chunk.Inode == inode && chunk.ChunkIndex == chunkIndex)
            {
                break;
            }

            place = (place + 1) & (_table.Length - 1);
        }

        return place;
    }

    private int Home(InodeNumber inode, ulong chunkIndex) =>
        (int)((inode.Value * 0x9E3779B97F4A7C15 + chunkIndex * 0xC2B2AE3D27D4EB4F) >> 32) & (_table.Length - 1);

    private void Unlink(int slot, InodeNumber inode, ulong chunkIndex, int olderSlot)
    {
        int place = Locate(inode, chunkIndex);
        int newest = _table[place] - 1;
        if (newest != slot)
        {
            while (_chunks[newest].OlderSlot != slot)
            {
                newest = _chunks[newest].OlderSlot;
            }

            _chunks[newest].OlderSlot = olderSlot;
        }
        else if (olderSlot != None)
        {
            _table[place] = olderSlot + 1;
        }
        else
        {
            RemoveAt(place);
        }
    }

    // Closes the gap, so that a search that ends at an empty place has seen everything.
    private void RemoveAt(int place)
    {
        int mask = _table.Length - 1;
        int gap = place;
        for (int next = (place + 1) & mask; _table[next] != 0; next = (next + 1) & mask)
        {
            ref WriteChunk chunk = ref _chunks[_table[next] - 1];
            int home = Home(chunk.Inode, chunk.ChunkIndex);
            if (((next - home) & mask) >= ((next - gap) & mask))
            {
                _table[gap] = _table[next];
                gap = next;
            }
        }

        _table[gap] = 0;
    }
}
