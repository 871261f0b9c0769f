using System.Text;

namespace Tmds.Fuse;

/// <summary>
/// The names in a directory as they were when it was read from its start. A reader that comes back for more goes on where it was, whatever was
/// added or removed meanwhile. For one thread at a time.
/// </summary>
internal sealed class DirectoryListing
{
    private const int MaxNameBytes = 1024;
    private readonly List<int> _ends = [];
    private byte[] _bytes = [];
    private int _usedBytes;

    public int Count => _ends.Count;

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    public void Clear()
    {
        _ends.Clear();
        _usedBytes = 0;
    }

    public void Add(string name)
    {
        if (name.Length > MaxNameBytes)
        {
            ThrowTooLong(nameof(name));
        }

        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        Add(bytes[..Encoding.UTF8.GetBytes(name, bytes)]);
    }

    public void Add(ReadOnlySpan<byte> name)
    {
        int end = name.IndexOf((byte)0);
        name = end < 0 ? name : name[..end];
        if (name.IsEmpty)
        {
            return;
        }

        if (name.Length > MaxNameBytes)
        {
            ThrowTooLong(nameof(name));
        }

        if (name.Contains((byte)'/'))
        {
            // The kernel would refuse the whole listing.
            throw new ArgumentException($"A name has no slash: {Encoding.UTF8.GetString(name)}", nameof(name));
        }

        if (name.Length > _bytes.Length - _usedBytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, 4096));
        }

        name.CopyTo(_bytes.AsSpan(_usedBytes));
        _usedBytes += name.Length;
        _ends.Add(_usedBytes);
    }

    private static void ThrowTooLong(string parameter) =>
        throw new ArgumentException($"A name has {MaxNameBytes} bytes at most.", parameter);
}
