using VfsBlock.Fuse;

namespace VfsBlock.MemoryFileSystem;

/// <summary>
/// A node of the file system: its attributes, extended attributes and lookup count. This class itself serves devices,
/// FIFOs and sockets, whose content is the kernel's affair.
/// </summary>
/// <remarks>
/// <see cref="Lock"/> guards the attributes' changes, the extended attributes and a file's data; attributes are read
/// without it. The link count also belongs to the names, so it changes with the tree's write lock held as well.
/// </remarks>
internal class Inode
{
    private SharedAttributes _attributes;
    private long _lookupCount;

    public Inode(NodeId id, in FuseAttr attributes)
    {
        Id = id;
        BirthTime = attributes.Ctime();
        _attributes.Write(attributes);
    }

    /// <summary>The node's number: never used again for another node.</summary>
    public NodeId Id { get; }

    /// <summary>When the node was made.</summary>
    public Timestamp BirthTime { get; }

    /// <summary>See the class.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Extended attributes; null until the first is set. Guarded by <see cref="Lock"/>.</summary>
    public XattrSet? Xattrs { get; set; }

    /// <summary>How many lookups the kernel has not taken back.</summary>
    public long LookupCount => Interlocked.Read(ref _lookupCount);

    /// <summary>The attributes as of now.</summary>
    public FuseAttr Attributes
    {
        get
        {
            _attributes.Read(out FuseAttr copy);
            return copy;
        }
    }

    /// <summary>The type bits of the mode; they never change.</summary>
    public uint TypeBits => Attributes.Mode & ModeBits.TypeMask;

    /// <summary>Copies the attributes into a reply.</summary>
    public void ReadAttributes(out FuseAttr copy) => _attributes.Read(out copy);

    /// <summary>Publishes changed attributes. The caller holds <see cref="Lock"/> since it read them.</summary>
    public void WriteAttributes(in FuseAttr attributes) => _attributes.Write(attributes);

    /// <summary>The kernel was told of the node once more.</summary>
    public void AddLookup() => Interlocked.Increment(ref _lookupCount);

    /// <summary>The kernel takes lookups back.</summary>
    /// <returns>How many are left.</returns>
    public long RemoveLookups(ulong count) => Interlocked.Add(ref _lookupCount, -(long)count);

    /// <summary>Adds to the link count (or subtracts) and sets ctime.</summary>
    public void AddLinks(int count, Timestamp now)
    {
        lock (Lock)
        {
            FuseAttr attributes = Attributes;
            attributes.LinkCount = (uint)(attributes.LinkCount + count);
            attributes.SetCtime(now);
            WriteAttributes(attributes);
        }
    }

    /// <summary>Sets ctime: the node was renamed or its attributes changed.</summary>
    public void SetCtime(Timestamp now) => AddLinks(0, now);

    /// <summary>Gives back what the node holds, once nothing can reach it.</summary>
    public virtual void Release()
    {
    }
}
