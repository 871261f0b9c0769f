using System.Runtime.InteropServices;

namespace VfsBlock.MemoryFileSystem;

/// <summary>
/// The memory that file data lives in: pages of native memory, at most <see cref="CapacityPages"/> of them in use. A
/// page that is given back is reused; the memory returns to the system on <see cref="Dispose"/>.
/// </summary>
/// <remarks>
/// Any thread may call it. It takes its own lock, the last in the order of locks, and holds it for a few instructions,
/// save when a new slab is needed. Disposing while pages are in use is the caller's error.
/// </remarks>
internal sealed unsafe class PagePool(long capacityPages) : IDisposable
{
    /// <summary>Bytes in a page: the kernel's own unit on x86-64.</summary>
    public const int PageBytes = 4096;

    private const int PagesPerSlab = 256;
    private readonly Lock _lock = new();
    private readonly List<nint> _slabs = [];
    private long _usedPages;

    // Free pages form a list through their own first eight bytes.
    private nint _firstFree;

    ~PagePool() => FreeSlabs();

    /// <summary>How many pages may be in use at once.</summary>
    public long CapacityPages => capacityPages;

    /// <summary>How many more pages may be taken.</summary>
    public long FreePages => capacityPages - Interlocked.Read(ref _usedPages);

    /// <summary>Sets <paramref name="pageCount"/> pages aside for <see cref="TakeReserved"/>, all or none.</summary>
    public bool TryReserve(long pageCount)
    {
        lock (_lock)
        {
            if (pageCount > capacityPages - _usedPages)
            {
                return false;
            }

            _usedPages += pageCount;
            return true;
        }
    }

    /// <summary>A page that was set aside before; what it holds is undefined.</summary>
    public byte* TakeReserved()
    {
        lock (_lock)
        {
            if (_firstFree == 0)
            {
                AddSlab();
            }

            nint page = _firstFree;
            _firstFree = *(nint*)page;
            return (byte*)page;
        }
    }

    /// <summary>Gives a page back.</summary>
    public void Return(byte* page)
    {
        lock (_lock)
        {
            *(nint*)page = _firstFree;
            _firstFree = (nint)page;
            _usedPages--;
        }
    }

    /// <summary>Frees the memory of all pages, those in use too.</summary>
    public void Dispose()
    {
        FreeSlabs();
        GC.SuppressFinalize(this);
    }

    private void AddSlab()
    {
        byte* slab = (byte*)NativeMemory.AlignedAlloc(PagesPerSlab * PageBytes, PageBytes);
        _slabs.Add((nint)slab);
        for (int index = PagesPerSlab - 1; index >= 0; index--)
        {
            byte* page = slab + (index * PageBytes);
            *(nint*)page = _firstFree;
            _firstFree = (nint)page;
        }
    }

    private void FreeSlabs()
    {
        foreach (nint slab in _slabs)
        {
            NativeMemory.AlignedFree((void*)slab);
        }

        _slabs.Clear();
    }
}
