using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VfsBlock.Interop;

namespace VfsBlock.Storage;

/// <summary>
/// The frames: blocks in aligned native memory that a queue can write from. Dirty ones wait for the commit; clean ones are a cache, evicted by
/// a clock when memory is wanted. Memory is bounded by the option.
/// </summary>
/// <remarks>
/// Owns the memory. The file's lock guards everything but <see cref="LocateFirst"/>. A frame that somebody may be looking at without the lock
/// (<see cref="HasUnlockedReaders"/>) is recycled only in a call that is exclusive to them.
/// </remarks>
internal sealed class FrameCache : IDisposable
{
    private const int OwnPoolIndex = -1;
    private const int OwnPoolMax = 256;
    private const int EvictionBatch = 16;
    private const long BeyondBytes = 1 << 20;

    private readonly ImageLayout _layout;
    private readonly IoBufferPool[] _pools;
    private readonly FrameTable _table;
    private readonly Frame[] _frames;
    private readonly int[] _free;
    private readonly long _memoryBytes;
    private long _ownPoolBytes;
    private int _freeCount;
    private int _hand;
    private long _evictionCount;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="nodeSizeBytes">The run that most frames will have.</param>
    /// <param name="memoryBytes">Bound of its memory.</param>
    public FrameCache(ImageLayout layout, int nodeSizeBytes, long memoryBytes)
    {
        _layout = layout;
        int blockBytes = layout.BlockSizeBytes;
        _memoryBytes = memoryBytes;
#pragma warning disable CA2000 // the pools live as long as the cache, which disposes them
        _pools = blockBytes >= nodeSizeBytes
            ? [new IoBufferPool(blockBytes, Count(memoryBytes, blockBytes))]
            : [new IoBufferPool(blockBytes, Count(memoryBytes / 4, blockBytes)), new IoBufferPool(nodeSizeBytes, Count(memoryBytes / 4 * 3, nodeSizeBytes))];
#pragma warning restore CA2000
        int frameCount = OwnPoolMax;
        int entryCount = (int)(memoryBytes / blockBytes) + OwnPoolMax;
        foreach (IoBufferPool pool in _pools)
        {
            frameCount += pool.BufferCount;
            entryCount += pool.BufferCount * (pool.BufferLengthBytes / blockBytes);
        }

        _table = new FrameTable(entryCount);
        _frames = new Frame[frameCount];
        _free = new int[frameCount];
        for (int index = 0; index < frameCount; index++)
        {
            _free[index] = frameCount - 1 - index;
        }

        _freeCount = frameCount;
    }

    /// <summary>True if <see cref="LocateFirst"/> is called by threads that only an exclusive call keeps out.</summary>
    public bool HasUnlockedReaders { get; set; }

    /// <summary>How many frames were taken out of the table to make room. Needs no lock.</summary>
    public long EvictionCount => Volatile.Read(ref _evictionCount);

    /// <summary>Leases that may change a frame.</summary>
    public int WriterCount { get; set; }

    public int FrameCount => _frames.Length;

    /// <summary>The frame. Under the file's lock, or by whoever has it pinned.</summary>
    public ref Frame this[int index] => ref _frames[index];

    /// <summary>The frame that holds a block, or -1.</summary>
    public int Find(ulong block) => _table.Find(block);

    /// <summary>Where the frame that begins with a block has it; 0 if there is none. Needs no lock; see the header.</summary>
    public nint LocateFirst(ulong block)
    {
        int index = _table.Find(block);
        if (index < 0)
        {
            return 0;
        }

        ref Frame frame = ref _frames[index];
        if (frame.First != block)
        {
            return 0;
        }

        frame.IsReferenced = true;
        return frame.Address;
    }

    /// <summary>The bytes of a frame.</summary>
    public unsafe Span<byte> BytesOf(int index) =>
        new((void*)_frames[index].Address, _frames[index].BlockCount * _layout.BlockSizeBytes);

    /// <summary>Takes a frame that only the caller knows; its memory holds anything.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="blockCount">How many.</param>
    /// <param name="isExclusive">True if nobody looks at frames without the lock now.</param>
    /// <param name="index">The frame.</param>
    /// <returns>False if memory is used up.</returns>
    public bool TryTake(ulong first, int blockCount, bool isExclusive, out int index)
    {
        index = -1;
        isExclusive |= !HasUnlockedReaders;
        if (_table.NeedsRebuild)
        {
            if (!isExclusive)
            {
                return false;
            }

            _table.Rebuild();
        }

        if (_freeCount == 0)
        {
            return false;
        }

        int poolIndex = PoolFor(blockCount);
        IoBufferPool? ownPool = null;
        IoBufferLease memory = default;
#pragma warning disable CA2000 // the frame owns its pool; recycling it disposes the pool
        bool isTaken = poolIndex == OwnPoolIndex
            ? TryMakePool(blockCount, isExclusive, out ownPool, out memory)
            : TryRent(ref poolIndex, isExclusive, out memory);
#pragma warning restore CA2000
        if (!isTaken)
        {
            return false;
        }

        index = _free[--_freeCount];
        _frames[index] = new Frame
        {
            First = first,
            BlockCount = blockCount,
            State = FrameState.Private,
            Memory = memory,
            OwnPool = ownPool,
            PoolIndex = poolIndex,
            Address = AddressOf(memory),
        };
        return true;
    }

    /// <summary>Lets the table lead to a frame.</summary>
    public void Publish(int index, FrameState state)
    {
        ref Frame frame = ref _frames[index];
        frame.State = state;
        frame.MappedCount = frame.BlockCount;
        frame.IsReferenced = true;
        for (int block = 0; block < frame.BlockCount; block++)
        {
            _table.Add(frame.First + (ulong)block, index);
        }
    }

    /// <summary>
    /// Takes a frame beyond the bound, for a block that must be read though every frame is dirty: nobody can be told to wait for a commit then. Such
    /// frames are clean, and the first to go.
    /// </summary>
    /// <returns>False if there are too many of them.</returns>
    public bool TryTakeBeyond(ulong first, int blockCount, out int index)
    {
        index = -1;
        if (_freeCount == 0)
        {
            return false;
        }

        int bytes = blockCount * _layout.BlockSizeBytes;
        var pool = new IoBufferPool(bytes, 1);
        _ownPoolBytes += bytes;
        index = _free[--_freeCount];
        IoBufferLease memory = pool.Rent();
        _frames[index] = new Frame
        {
            First = first,
            BlockCount = blockCount,
            State = FrameState.Private,
            Memory = memory,
            OwnPool = pool,
            PoolIndex = OwnPoolIndex,
            Address = AddressOf(memory),
        };
        return true;
    }

    /// <summary>Takes a block out of the table, if it is there.</summary>
    /// <returns>Its frame, or -1.</returns>
    public int Unmap(ulong block)
    {
        int index = _table.Find(block);
        if (index >= 0)
        {
            _table.Remove(block, index);
            _frames[index].MappedCount--;
        }

        return index;
    }

    /// <summary>True if the frame holds all of the run, and the table says so.</summary>
    public bool Covers(int index, ulong first, int blockCount)
    {
        for (ulong block = first; block < first + (ulong)blockCount; block++)
        {
            if (_table.Find(block) != index)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if the table does not lead to the frame, and no lease and no commit needs it.</summary>
    public bool IsUnused(int index)
    {
        ref Frame frame = ref _frames[index];
        return frame.PinCount == 0 && frame.MappedCount == 0 && frame.State is not (FrameState.Frozen or FrameState.Free);
    }

    /// <summary>Frees an unused frame.</summary>
    public void Recycle(int index)
    {
        ref Frame frame = ref _frames[index];

        frame.Memory.Dispose();
        _ownPoolBytes -= frame.OwnPool?.BufferLengthBytes ?? 0;
        frame.OwnPool?.Dispose();
        frame = default;
        _free[_freeCount++] = index;
    }

    /// <summary>Makes room for several runs of that length, as far as there is anything to evict. In a call that is exclusive to readers without a lock.</summary>
    public void EvictSome(int blockCount)
    {
        EvictSomeFrom(PoolFor(blockCount));
        if (_ownPoolBytes > BeyondBytes)
        {
            EvictSomeFrom(OwnPoolIndex);
        }
    }

    public void Dispose()
    {
        foreach (IoBufferPool pool in _pools)
        {
            pool.Dispose();
        }

        foreach (ref Frame frame in _frames.AsSpan())
        {
            frame.OwnPool?.Dispose();
        }
    }

    private static int Count(long bytes, int eachBytes) => (int)Math.Clamp(bytes / eachBytes, 16, int.MaxValue / eachBytes);

    // The memory is native: it does not move.
    private static unsafe nint AddressOf(IoBufferLease memory) =>
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory.Span));

    private static bool IsEvictable(ref Frame frame, int poolIndex) =>
        frame.State == FrameState.Clean && frame.PinCount == 0 && frame.PoolIndex == poolIndex;

    private int PoolFor(int blockCount)
    {
        long bytes = (long)blockCount * _layout.BlockSizeBytes;
        for (int index = 0; index < _pools.Length; index++)
        {
            if (bytes <= _pools[index].BufferLengthBytes)
            {
                return index;
            }
        }

        return OwnPoolIndex;
    }

    // A small run may have a large buffer when the small ones are all taken.
    private bool TryRent(ref int poolIndex, bool isExclusive, out IoBufferLease memory)
    {
        for (int index = poolIndex; index < _pools.Length; index++)
        {
            if (_pools[index].TryRent(out memory) || (isExclusive && TryEvict(index) && _pools[index].TryRent(out memory)))
            {
                poolIndex = index;
                return true;
            }
        }

        memory = default;
        return false;
    }

    private bool TryMakePool(int blockCount, bool isExclusive, out IoBufferPool? pool, out IoBufferLease memory)
    {
        pool = null;
        memory = default;
        long bytes = (long)blockCount * _layout.BlockSizeBytes;
        while (_ownPoolBytes + bytes > _memoryBytes && isExclusive && TryEvict(OwnPoolIndex))
        {
        }

        if (_ownPoolBytes + bytes > _memoryBytes || bytes > int.MaxValue)
        {
            return false;
        }

        pool = new IoBufferPool((int)bytes, 1);
        memory = pool.Rent();
        _ownPoolBytes += bytes;
        return true;
    }

    private bool TryEvict(int poolIndex)
    {
        if (!TryFindVictim(poolIndex, out int victim))
        {
            return false;
        }

        UnmapAll(victim);
        Recycle(victim);
        return true;
    }

    private void EvictSomeFrom(int poolIndex)
    {
        for (int count = 0; count < EvictionBatch && TryEvict(poolIndex); count++)
        {
        }
    }

    private void UnmapAll(int index)
    {
        Volatile.Write(ref _evictionCount, _evictionCount + 1);
        ref Frame frame = ref _frames[index];
        for (int block = 0; block < frame.BlockCount; block++)
        {
            _table.Remove(frame.First + (ulong)block, index);
        }

        frame.MappedCount = 0;
    }

    private bool TryFindVictim(int poolIndex, out int victim)
    {
        for (int step = 0; step < 2 * _frames.Length; step++)
        {
            _hand = _hand + 1 < _frames.Length ? _hand + 1 : 0;
            ref Frame frame = ref _frames[_hand];
            if (!IsEvictable(ref frame, poolIndex))
            {
                continue;
            }

            if (!frame.IsReferenced)
            {
                victim = _hand;
                return true;
            }

            frame.IsReferenced = false;
        }

        victim = -1;
        return false;
    }
}
