using System.Numerics;

namespace VfsBlock.MemoryFileSystem;

/// <summary>
/// The bytes of one regular file, sparse: pages where something was written, holes that read as zeros everywhere else,
/// at any offset up to 2^63-1. The file's size is kept elsewhere; pages may exist beyond it.
/// </summary>
/// <remarks>
/// Owns its pages until <see cref="Clear"/>. Not safe for several threads: the inode's lock is held around every call.
/// Chunks are kept in an array in file order, so that the next hole or datum is found without a search through all.
/// </remarks>
internal sealed unsafe class FileData(PagePool pool)
{
    private const int PageBytes = PagePool.PageBytes;
    private readonly List<PageChunk> _chunks = [];
    private PageChunk? _lastUsed;

    /// <summary>How many pages the file occupies.</summary>
    public long PageCount { get; private set; }

    /// <summary>Copies bytes out; holes give zeros.</summary>
    public void Read(long offsetBytes, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int inPage = (int)(offsetBytes % PageBytes);
            Span<byte> part = destination[..Math.Min(PageBytes - inPage, destination.Length)];
            byte* page = Find(offsetBytes / PageBytes);
            if (page == null)
            {
                part.Clear();
            }
            else
            {
                new ReadOnlySpan<byte>(page + inPage, part.Length).CopyTo(part);
            }

            offsetBytes += part.Length;
            destination = destination[part.Length..];
        }
    }

    /// <summary>Copies bytes in.</summary>
    /// <returns>How many; fewer than given when the pool has no page left.</returns>
    public int Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        int written = 0;
        while (written < source.Length)
        {
            int inPage = (int)(offsetBytes % PageBytes);
            ReadOnlySpan<byte> part = source.Slice(written, Math.Min(PageBytes - inPage, source.Length - written));
            byte* page = FindOrAdd(offsetBytes / PageBytes, clear: part.Length < PageBytes);
            if (page == null)
            {
                break;
            }

            part.CopyTo(new Span<byte>(page + inPage, part.Length));
            offsetBytes += part.Length;
            written += part.Length;
        }

        return written;
    }

    /// <summary>
    /// Copies bytes from another file, or from elsewhere in this one if the ranges do not overlap. Holes stay holes
    /// where whole pages meet.
    /// </summary>
    /// <returns>How many; fewer than asked for when the pool has no page left.</returns>
    public long CopyFrom(FileData source, long sourceOffsetBytes, long offsetBytes, long lengthBytes)
    {
        long copied = 0;
        while (copied < lengthBytes)
        {
            long from = sourceOffsetBytes + copied;
            long to = offsetBytes + copied;
            int inSource = (int)(from % PageBytes);
            int partBytes = (int)Math.Min(PageBytes - Math.Max(inSource, to % PageBytes), lengthBytes - copied);
            byte* page = source.Find(from / PageBytes);
            if (page == null)
            {
                PunchHole(to, to + partBytes);
            }
            else if (Write(to, new ReadOnlySpan<byte>(page + inSource, partBytes)) is var written && written < partBytes)
            {
                return copied + written;
            }

            copied += partBytes;
        }

        return copied;
    }

    /// <summary>Makes the bytes from one offset up to, not including, another read as zeros. Whole pages become holes.</summary>
    public void PunchHole(long startBytes, long endBytes)
    {
        if (startBytes >= endBytes)
        {
            return;
        }

        long startPage = startBytes / PageBytes;
        long endPage = endBytes / PageBytes;
        int inStart = (int)(startBytes % PageBytes);
        int inEnd = (int)(endBytes % PageBytes);
        if (startPage == endPage)
        {
            ZeroWithin(startPage, inStart, inEnd);
            return;
        }

        if (inStart != 0)
        {
            ZeroWithin(startPage, inStart, PageBytes);
            startPage++;
        }

        ZeroWithin(endPage, 0, inEnd);
        Release(startPage, endPage);
    }

    /// <summary>Overwrites the range with zeros where it has pages, and keeps the pages.</summary>
    public void ZeroPages(long startBytes, long endBytes)
    {
        for (long start = startBytes; start < endBytes;)
        {
            int inPage = (int)(start % PageBytes);
            int partBytes = (int)Math.Min(PageBytes - inPage, endBytes - start);
            ZeroWithin(start / PageBytes, inPage, inPage + partBytes);
            start += partBytes;
        }
    }

    /// <summary>Gives the range pages of zeros where it has holes; all of them, or none if the pool has too few.</summary>
    public bool TryAllocate(long startBytes, long endBytes)
    {
        long startPage = startBytes / PageBytes;
        long endPage = ((endBytes - 1) / PageBytes) + 1;
        long missing = endPage - startPage - CountPages(startPage, endPage);
        if (!pool.TryReserve(missing))
        {
            return false;
        }

        for (long page = startPage; page < endPage; page++)
        {
            if (Find(page) == null)
            {
                AddReserved(page, clear: true);
            }
        }

        return true;
    }

    /// <summary>Where the next datum at or after an offset is; -1 if only a hole follows.</summary>
    public long NextData(long offsetBytes)
    {
        long first = offsetBytes / PageBytes;
        for (int index = LowerBound(first / PageChunk.PageCount); index < _chunks.Count; index++)
        {
            PageChunk chunk = _chunks[index];
            long chunkStart = chunk.Number * PageChunk.PageCount;
            ulong present = chunk.Present & (first > chunkStart ? ulong.MaxValue << (int)(first - chunkStart) : ulong.MaxValue);
            if (present != 0)
            {
                return Math.Max(offsetBytes, (chunkStart + BitOperations.TrailingZeroCount(present)) * PageBytes);
            }
        }

        return -1;
    }

    /// <summary>Where the next hole at or after an offset is; every file ends in one.</summary>
    public long NextHole(long offsetBytes)
    {
        long page = offsetBytes / PageBytes;
        for (int index = LowerBound(page / PageChunk.PageCount); index < _chunks.Count; index++)
        {
            PageChunk chunk = _chunks[index];
            int inChunk = (int)(page % PageChunk.PageCount);
            ulong absent = chunk.Number == page / PageChunk.PageCount ? ~chunk.Present >> inChunk : 1;
            if (absent != 0)
            {
                page += BitOperations.TrailingZeroCount(absent);
                break;
            }

            page += PageChunk.PageCount - inChunk;
        }

        // Behind the last page there can be lies the end of the largest file, not a page's start.
        return page > long.MaxValue / PageBytes ? long.MaxValue : Math.Max(offsetBytes, page * PageBytes);
    }

    /// <summary>Gives all pages back.</summary>
    public void Clear() => Release(0, long.MaxValue);

    private byte* Find(long page)
    {
        long number = page / PageChunk.PageCount;
        if (_lastUsed is not { } chunk || chunk.Number != number)
        {
            int index = LowerBound(number);
            if (index == _chunks.Count || _chunks[index].Number != number)
            {
                return null;
            }

            _lastUsed = chunk = _chunks[index];
        }

        return chunk[(int)(page % PageChunk.PageCount)];
    }

    private byte* FindOrAdd(long page, bool clear)
    {
        byte* found = Find(page);
        return found != null ? found
            : pool.TryReserve(1) ? AddReserved(page, clear)
            : null;
    }

    private byte* AddReserved(long page, bool clear)
    {
        long number = page / PageChunk.PageCount;
        int index = LowerBound(number);
        if (index == _chunks.Count || _chunks[index].Number != number)
        {
            _chunks.Insert(index, new PageChunk(number));
        }

        byte* memory = pool.TakeReserved();
        if (clear)
        {
            new Span<byte>(memory, PageBytes).Clear();
        }

        _chunks[index].Add((int)(page % PageChunk.PageCount), memory);
        PageCount++;
        return memory;
    }

    private void ZeroWithin(long page, int startBytes, int endBytes)
    {
        byte* memory = Find(page);
        if (memory != null)
        {
            new Span<byte>(memory + startBytes, endBytes - startBytes).Clear();
        }
    }

    private void Release(long startPage, long endPage)
    {
        int emptyStart = -1;
        int emptyCount = 0;
        for (int index = LowerBound(startPage / PageChunk.PageCount); index < _chunks.Count; index++)
        {
            PageChunk chunk = _chunks[index];
            ulong doomed = chunk.Present & MaskOf(chunk, startPage, endPage);
            if (chunk.Number > (endPage - 1) / PageChunk.PageCount)
            {
                break;
            }

            for (; doomed != 0; doomed &= doomed - 1)
            {
                pool.Return(chunk.Remove(BitOperations.TrailingZeroCount(doomed)));
                PageCount--;
            }

            // Chunks inside the range lose every page, so the empty ones lie side by side.
            if (chunk.Present == 0)
            {
                emptyStart = emptyStart < 0 ? index : emptyStart;
                emptyCount++;
            }
        }

        if (emptyCount > 0)
        {
            _chunks.RemoveRange(emptyStart, emptyCount);
            _lastUsed = null;
        }
    }

    private long CountPages(long startPage, long endPage)
    {
        long count = 0;
        for (int index = LowerBound(startPage / PageChunk.PageCount); index < _chunks.Count; index++)
        {
            count += BitOperations.PopCount(_chunks[index].Present & MaskOf(_chunks[index], startPage, endPage));
        }

        return count;
    }

    /// <summary>The bits of the chunk whose pages lie in the range.</summary>
    private static ulong MaskOf(PageChunk chunk, long startPage, long endPage)
    {
        long chunkStart = chunk.Number * PageChunk.PageCount;
        long start = Math.Max(startPage - chunkStart, 0);
        long end = Math.Min(endPage - chunkStart, PageChunk.PageCount);
        return start >= end ? 0 : (ulong.MaxValue >> (int)(PageChunk.PageCount - (end - start))) << (int)start;
    }

    /// <summary>The index of the first chunk whose number is not below <paramref name="number"/>.</summary>
    private int LowerBound(long number)
    {
        int low = 0;
        int high = _chunks.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_chunks[middle].Number < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
