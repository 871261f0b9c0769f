using VfsBlock.Fuse;

namespace VfsBlock.MemoryFileSystem;

/// <summary>A directory: names, each with a cookie that no other name of this directory ever gets.</summary>
/// <remarks>
/// Guarded by the tree's lock: read lock to find and list, write lock to change. Entries stand in the order in which
/// they were added, so a listing that goes on at a cookie misses nothing and repeats nothing, whatever was added or
/// removed meanwhile.
/// </remarks>
internal sealed class DirectoryInode : Inode
{
    // The cookies of "." and ".."; those of names follow.
    private const ulong SelfCookie = 1;
    private const ulong ParentCookie = 2;
    private const ulong FirstCookie = 3;
    private const int MinSlotsToCompact = 32;

    private static readonly byte[] _self = [.. "."u8];
    private static readonly byte[] _parent = [.. ".."u8];

    private readonly Dictionary<byte[], DirectoryEntry> _byName = new(NameComparer.Instance);
    private readonly Dictionary<byte[], DirectoryEntry>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private readonly List<DirectoryEntry> _inOrder = [];
    private ulong _nextCookie = FirstCookie;

    public DirectoryInode(NodeId id, in FuseAttr attributes, DirectoryInode? parent)
        : base(id, attributes)
    {
        Parent = parent ?? this;
        _bySpan = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The directory that holds this one; the root is its own.</summary>
    public DirectoryInode Parent { get; set; }

    /// <summary>How many names it holds, "." and ".." aside.</summary>
    public int Count => _byName.Count;

    /// <summary>True once the directory was removed: nothing can be added to it.</summary>
    public bool IsRemoved => Attributes.LinkCount == 0;

    /// <summary>The entry of that name, or null.</summary>
    public DirectoryEntry? Find(ReadOnlySpan<byte> name) => _bySpan.TryGetValue(name, out DirectoryEntry? entry) ? entry : null;

    /// <summary>Adds a name that is not there.</summary>
    public void Add(ReadOnlySpan<byte> name, Inode target)
    {
        var entry = new DirectoryEntry(name.ToArray(), _nextCookie++, target);
        _byName.Add(entry.NameBytes, entry);
        _inOrder.Add(entry);
    }

    /// <summary>Removes an entry.</summary>
    public void Remove(DirectoryEntry entry)
    {
        _byName.Remove(entry.NameBytes);
        entry.IsRemoved = true;
        if (_inOrder.Count >= MinSlotsToCompact && _inOrder.Count > 2 * _byName.Count)
        {
            _inOrder.RemoveAll(slot => slot.IsRemoved);
        }
    }

    /// <summary>What a listing shows next that has come to <paramref name="cookie"/>; null at the end. 0 is the start.</summary>
    public ListedEntry? Next(ulong cookie) => cookie switch
    {
        < SelfCookie => new ListedEntry(_self, this, SelfCookie, IsDots: true),
        < ParentCookie => new ListedEntry(_parent, Parent, ParentCookie, IsDots: true),
        _ => After(cookie) is { } entry ? new ListedEntry(entry.NameBytes, entry.Target, entry.Cookie, IsDots: false) : null,
    };

    /// <summary>The first entry whose cookie is above <paramref name="cookie"/>, or null.</summary>
    public DirectoryEntry? After(ulong cookie)
    {
        int low = 0;
        int high = _inOrder.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_inOrder[middle].Cookie <= cookie)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        while (low < _inOrder.Count && _inOrder[low].IsRemoved)
        {
            low++;
        }

        return low < _inOrder.Count ? _inOrder[low] : null;
    }

    /// <summary>True if this directory is <paramref name="other"/> or lies below it.</summary>
    public bool IsWithin(DirectoryInode other)
    {
        DirectoryInode directory = this;
        while (directory != other && directory.Parent != directory)
        {
            directory = directory.Parent;
        }

        return directory == other;
    }

    /// <summary>Names changed: mtime and ctime, and the link count if a subdirectory came or went.</summary>
    public void NamesChanged(Timestamp now, int subdirectoryCount = 0)
    {
        lock (Lock)
        {
            FuseAttr attributes = Attributes;
            attributes.LinkCount = (uint)(attributes.LinkCount + subdirectoryCount);
            attributes.SetChanged(now);
            WriteAttributes(attributes);
        }
    }
}
