using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>A list that grows in native memory: millions of small records that the garbage collector need not know.</summary>
/// <remarks>Owns its memory. One thread. Spans are valid until the next <see cref="Add"/>.</remarks>
internal sealed unsafe class NativeList<T> : IDisposable
    where T : unmanaged
{
    private T* _items;
    private int _capacity;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All of them.</summary>
    public Span<T> Span => new(_items, Count);

    public ref T this[int index] => ref Span[index];

    /// <exception cref="OverflowException">There are a thousand million already.</exception>
    public void Add(in T item)
    {
        if (Count == _capacity)
        {
            _capacity = checked(Math.Max(32, _capacity) * 2);
            _items = (T*)NativeMemory.Realloc(_items, (nuint)_capacity * (nuint)sizeof(T));
        }

        _items[Count++] = item;
    }

    /// <summary>Forgets the items behind the first so many.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>Forgets the items and keeps the memory.</summary>
    public void Clear() => Count = 0;

    public void Dispose()
    {
        NativeMemory.Free(_items);
        _items = null;
        _capacity = 0;
        Count = 0;
    }
}
