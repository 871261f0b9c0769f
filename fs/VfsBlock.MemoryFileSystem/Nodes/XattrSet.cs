using VfsBlock.Interop;

namespace VfsBlock.MemoryFileSystem;

/// <summary>The extended attributes of one node. Guarded by the inode's lock.</summary>
internal sealed class XattrSet
{
    /// <summary>Bytes that all names, each with its NUL, may take: listxattr(2) cannot return more.</summary>
    private const int MaxListBytes = 65536;

    private readonly Dictionary<byte[], byte[]> _values = new(NameComparer.Instance);
    private readonly Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private int _listBytes;

    public XattrSet() => _bySpan = _values.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The names there are, in no particular order.</summary>
    public IReadOnlyCollection<byte[]> Names => _values.Keys;

    /// <summary>The value of that name.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        bool found = _bySpan.TryGetValue(name, out byte[]? bytes);
        value = bytes;
        return found;
    }

    /// <summary>Sets a value.</summary>
    /// <returns>EEXIST and ENODATA as the flags of setxattr(2) say; ENOSPC if the names would not fit a list.</returns>
    public Errno Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool mustBeNew, bool mustExist)
    {
        bool exists = _bySpan.ContainsKey(name);
        if (exists ? mustBeNew : mustExist)
        {
            return exists ? Errno.EEXIST : Errno.ENODATA;
        }

        if (!exists)
        {
            if (_listBytes + name.Length + 1 > MaxListBytes)
            {
                return Errno.ENOSPC;
            }

            _listBytes += name.Length + 1;
        }

        _bySpan[name] = value.ToArray();
        return Errno.None;
    }

    /// <summary>Removes a value.</summary>
    /// <returns>False if there was none.</returns>
    public bool Remove(ReadOnlySpan<byte> name)
    {
        if (!_bySpan.Remove(name))
        {
            return false;
        }

        _listBytes -= name.Length + 1;
        return true;
    }
}
