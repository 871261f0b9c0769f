namespace Tmds.Fuse;

/// <summary>A file or directory that the kernel knows, by the path that led it there. All of it belongs to the table's lock.</summary>
internal sealed class PathNode(ulong id)
{
    private Dictionary<byte[], PathNode>? _children;

    public ulong Id => id;

    /// <summary>The directory that holds the name; null for the root, and for what was removed.</summary>
    public PathNode? Parent { get; private set; }

    /// <summary>The name there; empty for the root.</summary>
    public byte[] Name { get; private set; } = [];

    /// <summary>The path it had when it was removed; null as long as it is there.</summary>
    public byte[]? LastPath { get; private set; }

    /// <summary>Lookups that the kernel has not taken back.</summary>
    public ulong LookupCount { get; set; }

    /// <summary>Operations under way whose path goes through the node.</summary>
    public int UserCount { get; set; }

    /// <summary>Open files of the node.</summary>
    public int OpenCount { get; set; }

    /// <summary>Whether an operation that changes the node's path has it or waits for it: new users wait.</summary>
    public bool IsClaimed { get; set; }

    /// <summary>Whether the file was unlinked while it was open and waits under a name of ours for its last close.</summary>
    public bool IsHidden { get; set; }

    /// <summary>Whether nobody relies on the node any more.</summary>
    public bool IsUnused =>
        LookupCount == 0 && UserCount == 0 && OpenCount == 0 && !IsClaimed && !IsHidden && _children is null;

    /// <summary>The known node of that name in this directory.</summary>
    public PathNode? Find(ReadOnlySpan<byte> name) =>
        _children is not null && _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out PathNode? child) ? child : null;

    /// <summary>Gives the node a name, which nobody else has.</summary>
    public void Attach(PathNode parent, byte[] name)
    {
        (parent._children ??= new Dictionary<byte[], PathNode>(NameComparer.Instance)).Add(name, this);
        Parent = parent;
        Name = name;
    }

    /// <summary>Takes the node's name away.</summary>
    public void Detach()
    {
        if (Parent is { } parent && parent._children!.Remove(Name) && parent._children.Count == 0)
        {
            parent._children = null;
        }

        Parent = null;
    }

    /// <summary>Takes the node's name away for good: what is still open goes on under its last path.</summary>
    public void Remove(byte[] lastPath)
    {
        Detach();
        IsHidden = false;
        LastPath = lastPath;
    }
}
