namespace VfsBlock.Storage.TestKit;

/// <summary>An inode of a <see cref="ModelVolume"/>: everything it has, in the plainest form.</summary>
public sealed class ModelInode
{
    /// <summary>Its number.</summary>
    public required InodeNumber Number { get; init; }

    /// <summary>Its attributes.</summary>
    public InodeItem Attributes { get; set; }

    /// <summary>Of a directory: its names (bytes as Latin-1) and who has them.</summary>
    public SortedDictionary<string, InodeNumber> Names { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>Of a directory: the one that holds it; the root holds itself; none if it was removed.</summary>
    public InodeNumber Parent { get; set; }

    /// <summary>Of a symbolic link: where it leads.</summary>
    public byte[] Target { get; set; } = [];

    /// <summary>Of a regular file: its bytes.</summary>
    public ModelContent Content { get; private set; } = ModelContent.Empty;

    /// <summary>Extended attributes by name (bytes as Latin-1).</summary>
    public SortedDictionary<string, byte[]> Xattrs { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>How often it is held.</summary>
    public ulong HoldCount { get; set; }

    /// <summary>True if it was made without a name and has had none since.</summary>
    public bool IsTemporary { get; set; }

    /// <summary>True for a directory.</summary>
    public bool IsDirectory => Attributes.IsDirectory;

    /// <summary>A copy that shares nothing that changes.</summary>
    public ModelInode Clone()
    {
        var copy = new ModelInode
        {
            Number = Number,
            Attributes = Attributes,
            Parent = Parent,
            Target = Target,
            Content = Content,
            HoldCount = HoldCount,
            IsTemporary = IsTemporary,
        };
        foreach ((string name, InodeNumber child) in Names)
        {
            copy.Names.Add(name, child);
        }

        foreach ((string name, byte[] value) in Xattrs)
        {
            copy.Xattrs.Add(name, value);
        }

        return copy;
    }

    /// <summary>Changes attributes.</summary>
    internal void Change(Timestamp changeTime, long linkDifference = 0, Timestamp? modifyTime = null)
    {
        InodeItem changed = Attributes;
        changed.LinkCount = (uint)(changed.LinkCount + linkDifference);
        changed.ChangeTime = changeTime;
        changed.ModifyTime = modifyTime ?? changed.ModifyTime;
        Attributes = changed;
    }

    /// <summary>Its bytes changed.</summary>
    internal void Contains(ModelContent content, Timestamp now)
    {
        Takes(content);
        Change(now, modifyTime: now);
    }

    /// <summary>Its bytes are kept in another way.</summary>
    internal void Takes(ModelContent content)
    {
        Content = content;
        InodeItem changed = Attributes;
        changed.SizeBytes = (ulong)content.Bytes.Length;
        changed.BlockCount = (ulong)content.Blocks.Count;
        Attributes = changed;
    }

    /// <summary>Names in it changed.</summary>
    internal void NamesChanged(Timestamp now, long linkDifference = 0) => Change(now, linkDifference, now);
}
