using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>Something that has a path, on its way from where it is to where it shall be: all that is carried of it.</summary>
internal sealed record TreeEntry
{
    /// <summary>Its path: names with '/' between them, no '/' at either end; empty for the top itself.</summary>
    public required byte[] Path { get; init; }

    /// <summary>What it is.</summary>
    public required InodeType Type { get; init; }

    /// <summary>Permissions, with the set-id and sticky bits.</summary>
    public uint Permissions { get; init; }

    /// <summary>Who owns it.</summary>
    public uint UserId { get; init; }

    /// <summary>Which group owns it.</summary>
    public uint GroupId { get; init; }

    /// <summary>When its content changed.</summary>
    public Timestamp ModifyTime { get; init; }

    /// <summary>When it was read; null if nobody knows.</summary>
    public Timestamp? AccessTime { get; init; }

    /// <summary>Of a device node: its number as makedev(3) packs it.</summary>
    public ulong Device { get; init; }

    /// <summary>Of a regular file that is no further name of one: its length in bytes.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Of a symbolic link: where it leads.</summary>
    public byte[] Target { get; init; } = [];

    /// <summary>The path of an entry that came before, if this is one more name of it: nothing else counts then.</summary>
    public byte[]? LinkTo { get; init; }

    /// <summary>Its extended attributes.</summary>
    public IReadOnlyList<TreeXattr> Xattrs { get; init; } = [];

    /// <summary>Of a regular file: what is in it. Good until the next entry is asked for; null for nothing.</summary>
    public IEntryData? Data { get; init; }
}
