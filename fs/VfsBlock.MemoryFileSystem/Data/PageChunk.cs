using System.Runtime.CompilerServices;

namespace VfsBlock.MemoryFileSystem;

/// <summary>The pages of one aligned run of 64 page numbers: which of them exist, as a bit mask, and where they are.</summary>
/// <param name="number">The run's place in the file: its first page number divided by <see cref="PageCount"/>.</param>
internal sealed unsafe class PageChunk(long number)
{
    /// <summary>Page numbers in a chunk: as many as a mask has bits.</summary>
    public const int PageCount = 64;

    private Addresses _pages;

    /// <summary>The chunk's place in the file.</summary>
    public long Number => number;

    /// <summary>Bit i is set if page i of the chunk exists. A page that does not is a hole.</summary>
    public ulong Present { get; private set; }

    /// <summary>The page's memory, or null in a hole.</summary>
    public byte* this[int index] => (byte*)_pages[index];

    /// <summary>Fills a hole.</summary>
    public void Add(int index, byte* page)
    {
        _pages[index] = (nint)page;
        Present |= 1ul << index;
    }

    /// <summary>Makes a hole and hands out the page that was there.</summary>
    public byte* Remove(int index)
    {
        byte* page = this[index];
        _pages[index] = 0;
        Present &= ~(1ul << index);
        return page;
    }

    [InlineArray(PageCount)]
    private struct Addresses
    {
        private nint _first;
    }
}
