namespace VfsBlock.Storage.TestKit;

/// <summary>
/// Sparse bytes in pages, over a parent that shows through where nothing was written here. With a journal, changes can be taken back.
/// </summary>
/// <remarks>
/// One thread at a time. A parent that changes makes its children worthless; they notice, and throw rather than show a mixture.
/// </remarks>
internal sealed class PageStore
{
    private const int PageBytes = 4096;

    private static readonly byte[] _zeroPage = new byte[PageBytes];

    private readonly Dictionary<long, byte[]> _pages = [];
    private readonly Stack<PageUndo>? _journal;
    private readonly Stack<byte[]> _spare = [];
    private readonly PageStore? _parent;
    private readonly int _parentVersion;
    private int _version;

    public PageStore(long sizeBytes) => SizeBytes = sizeBytes;

    /// <summary>Starts as the parent is now.</summary>
    public PageStore(PageStore parent, bool hasJournal = false)
    {
        _parent = parent;
        _parentVersion = parent._version;
        _journal = hasJournal ? new Stack<PageUndo>() : null;
        SizeBytes = parent.SizeBytes;
    }

    public long SizeBytes { get; private set; }

    /// <summary>How many changes the journal holds: what <see cref="Revert"/> goes back to.</summary>
    public int JournalLength => _journal!.Count;

    /// <summary>A copy without parents.</summary>
    public PageStore Flatten()
    {
        var copy = new PageStore(SizeBytes);
        foreach (long index in PagesBetween(0, long.MaxValue))
        {
            copy._pages[index] = [.. Find(index)!];
        }

        return copy;
    }

    /// <summary>Reads a range; what was never written is zero.</summary>
    public void Read(Span<byte> buffer, long offsetBytes)
    {
        while (!buffer.IsEmpty)
        {
            int start = (int)(offsetBytes % PageBytes);
            int count = Math.Min(PageBytes - start, buffer.Length);
            byte[] page = Find(offsetBytes / PageBytes) ?? _zeroPage;
            page.AsSpan(start, count).CopyTo(buffer);
            buffer = buffer[count..];
            offsetBytes += count;
        }
    }

    /// <summary>Writes what lies inside the size; the rest is lost, as a write is whose growth a power cut took back.</summary>
    public void Write(ReadOnlySpan<byte> data, long offsetBytes)
    {
        _version++;
        data = data[..(int)Math.Clamp(SizeBytes - offsetBytes, 0, data.Length)];
        while (!data.IsEmpty)
        {
            int start = (int)(offsetBytes % PageBytes);
            int count = Math.Min(PageBytes - start, data.Length);
            data[..count].CopyTo(PageForChange(offsetBytes / PageBytes, keepsContent: count < PageBytes).AsSpan(start));
            data = data[count..];
            offsetBytes += count;
        }
    }

    /// <summary>Makes a range read as zeros.</summary>
    public void Zero(long offsetBytes, long lengthBytes)
    {
        _version++;
        long endBytes = offsetBytes + lengthBytes;
        foreach (long index in PagesBetween(offsetBytes / PageBytes, (endBytes + PageBytes - 1) / PageBytes))
        {
            long pageBegin = index * PageBytes;
            int from = (int)Math.Max(0, offsetBytes - pageBegin);
            int to = (int)Math.Min(PageBytes, endBytes - pageBegin);
            PageForChange(index, keepsContent: true).AsSpan(from, to - from).Clear();
        }
    }

    /// <summary>Changes the size; what is cut off reads as zeros if it comes back.</summary>
    public void Resize(long sizeBytes)
    {
        if (sizeBytes < SizeBytes)
        {
            Zero(sizeBytes, SizeBytes - sizeBytes);
        }

        _version++;
        _journal?.Push(new PageUndo(PageUndo.SizeOnly, null, SizeBytes));
        SizeBytes = sizeBytes;
    }

    /// <summary>Takes changes back until the journal has the given length.</summary>
    public void Revert(int journalLength)
    {
        _version++;
        while (_journal!.Count > journalLength)
        {
            PageUndo undo = _journal.Pop();
            SizeBytes = undo.SizeBytes;
            if (undo.Index == PageUndo.SizeOnly)
            {
                continue;
            }

            _spare.Push(_pages[undo.Index]);
            if (undo.Page is null)
            {
                _pages.Remove(undo.Index);
            }
            else
            {
                _pages[undo.Index] = undo.Page;
            }
        }
    }

    /// <summary>Makes every change so far final.</summary>
    public void Commit()
    {
        _version++;
        _journal!.Clear();
    }

    private byte[]? Find(long index)
    {
        for (PageStore? store = this; store is not null; store = store._parent)
        {
            if (store._parent is not null && store._parent._version != store._parentVersion)
            {
                throw new InvalidOperationException("the crash image that this disk came from is gone; be done with a disk before the next image");
            }

            if (store._pages.TryGetValue(index, out byte[]? page))
            {
                return page;
            }
        }

        return null;
    }

    // With a journal each change gets a page of its own, and the old one goes into the journal as it is.
    private byte[] PageForChange(long index, bool keepsContent)
    {
        bool isOwn = _pages.TryGetValue(index, out byte[]? own);
        if (isOwn && _journal is null)
        {
            return own!;
        }

        byte[] page = _spare.TryPop(out byte[]? spare) ? spare : new byte[PageBytes];
        if (keepsContent)
        {
            (own ?? Find(index) ?? _zeroPage).CopyTo(page, 0);
        }

        _journal?.Push(new PageUndo(index, own, SizeBytes));
        _pages[index] = page;
        return page;
    }

    // Only pages that somebody wrote: a disk may be a sparse terabyte.
    private List<long> PagesBetween(long first, long end)
    {
        var found = new SortedSet<long>();
        for (PageStore? store = this; store is not null; store = store._parent)
        {
            found.UnionWith(store._pages.Keys.Where(index => index >= first && index < end));
        }

        return [.. found];
    }
}
