using System.Numerics;

namespace VfsBlock.Storage;

/// <summary>Block to frame, with a fixed number of places: open addressing, an entry is one word.</summary>
/// <remarks>
/// One writer at a time (the file's lock). <see cref="Find"/> may run beside it without a lock: an entry changes in one store, so a reader
/// sees it or does not. <see cref="Rebuild"/> needs readers to be away.
/// </remarks>
internal sealed class FrameTable
{
    private const int IndexBits = 24;
    private const ulong IndexMask = (1UL << IndexBits) - 1;
    private const ulong Gone = ulong.MaxValue;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ulong[] _entries;
    private readonly int _shift;
    private int _usedCount;
    private int _goneCount;

    /// <summary>Makes a table that is at most half full.</summary>
    public FrameTable(int maxEntryCount)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, maxEntryCount * 2));
        _entries = new ulong[size];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>True if so many entries were removed that searches become long.</summary>
    public bool NeedsRebuild => _usedCount + _goneCount > _entries.Length / 4 * 3;

    /// <summary>The frame of a block, or -1.</summary>
    public int Find(ulong block)
    {
        int mask = _entries.Length - 1;
        for (int place = Place(block); ; place = (place + 1) & mask)
        {
            ulong entry = Volatile.Read(ref _entries[place]);
            if (entry >> IndexBits == block)
            {
                return (int)(entry & IndexMask);
            }

            if (entry == 0)
            {
                return -1;
            }
        }
    }

    /// <summary>Adds a block that is not in the table.</summary>
    public void Add(ulong block, int frame)
    {
        int mask = _entries.Length - 1;
        int place = Place(block);
        while (_entries[place] is not (0 or Gone))
        {
            place = (place + 1) & mask;
        }

        _goneCount -= _entries[place] == Gone ? 1 : 0;
        _usedCount++;
        Volatile.Write(ref _entries[place], (block << IndexBits) | (uint)frame);
    }

    /// <summary>Removes a block if it leads to that frame.</summary>
    public void Remove(ulong block, int frame)
    {
        int mask = _entries.Length - 1;
        ulong entry = (block << IndexBits) | (uint)frame;
        for (int place = Place(block); _entries[place] != 0; place = (place + 1) & mask)
        {
            if (_entries[place] == entry)
            {
                bool isLast = _entries[(place + 1) & mask] == 0;
                Volatile.Write(ref _entries[place], isLast ? 0 : Gone);
                _goneCount += isLast ? 0 : 1;
                _usedCount--;
                return;
            }
        }
    }

    /// <summary>Clears the marks of what was removed. No reader may be in the table.</summary>
    public void Rebuild()
    {
        ulong[] old = [.. _entries];
        Array.Clear(_entries);
        _usedCount = 0;
        _goneCount = 0;
        foreach (ulong entry in old)
        {
            if (entry is not (0 or Gone))
            {
                Add(entry >> IndexBits, (int)(entry & IndexMask));
            }
        }
    }

    private int Place(ulong block) => (int)((block * Multiplier) >> _shift);
}
