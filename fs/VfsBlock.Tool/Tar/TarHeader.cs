using System.Globalization;
using System.Text;
using VfsBlock.Storage;

namespace VfsBlock.Tool;

/// <summary>What a tar stream says of one entry: its header, what extended headers and GNU tar's long names put in place of parts of it, and where its data belongs.</summary>
/// <remarks>One thread. Nothing in it is believed before it was checked.</remarks>
internal sealed class TarHeader
{
    private readonly Dictionary<string, byte[]> _records;

    /// <summary>A header.</summary>
    /// <param name="block">Its block, whose checksum is right.</param>
    /// <param name="records">The records of the extended headers that count for it.</param>
    public TarHeader(byte[] block, Dictionary<string, byte[]> records) => (Block, _records) = (block, records);

    /// <summary>The block.</summary>
    public byte[] Block { get; }

    /// <summary>GNU tar's own way of a long name; null for none.</summary>
    public byte[]? LongName { get; init; }

    /// <summary>GNU tar's own way of a long target; null for none.</summary>
    public byte[]? LongLink { get; init; }

    /// <summary>The letter of its type.</summary>
    public char TypeLetter => (char)Block[TarFormat.TypeOffset];

    /// <summary>Bytes of data that follow in the stream.</summary>
    public long StoredBytes => Number("size", TarFormat.SizeOffset, 12);

    /// <summary>True for GNU tar's first way of files with holes: the map is in the header.</summary>
    public bool IsOldSparse => TypeLetter == 'S';

    /// <summary>True for its last way: the map precedes the data.</summary>
    public bool IsNewSparse => Record("GNU.sparse.major") is { } major && major.AsSpan().SequenceEqual("1"u8);

    /// <summary>Its ways between: the map is a record. Null for none.</summary>
    public byte[]? SparseMap => Record("GNU.sparse.map");

    /// <summary>The length of a file with holes; null if nothing says so.</summary>
    public long? RealBytes => Record("GNU.sparse.realsize") is not null ? Number("GNU.sparse.realsize", 0, 0)
        : Record("GNU.sparse.size") is not null ? Number("GNU.sparse.size", 0, 0)
        : null;

    /// <summary>What it is; null for types that nobody needs.</summary>
    public InodeType? Type => TypeLetter switch
    {
        '\0' when Name.AsSpan().EndsWith("/"u8) => InodeType.Directory,
        '\0' or '0' or '1' or '7' or 'S' => InodeType.Regular,
        '2' => InodeType.SymbolicLink,
        '3' => InodeType.CharacterDevice,
        '4' => InodeType.BlockDevice,
        '5' or 'D' => InodeType.Directory,
        '6' => InodeType.Fifo,
        _ => null,
    };

    /// <summary>Its name, as it is written.</summary>
    public byte[] Name => Record("GNU.sparse.name") ?? Record("path") ?? LongName ?? ShortName();

    /// <summary>The target of a link, as it is written.</summary>
    public byte[] Target => Record("linkpath") ?? LongLink ?? TarFormat.ReadText(Block.AsSpan(TarFormat.LinkOffset, TarFormat.NameBytes)).ToArray();

    /// <summary>The entry that it stands for.</summary>
    /// <param name="path">Its path, made safe.</param>
    /// <param name="linkTo">Of a hard link: the path of the other name, made safe.</param>
    /// <param name="data">Its data.</param>
    /// <param name="sizeBytes">Its length.</param>
    public TreeEntry ToEntry(byte[] path, byte[]? linkTo, IEntryData? data, long sizeBytes) => new()
    {
        Path = path,
        Type = Type!.Value,
        Permissions = (uint)TarFormat.ReadNumber(Block.AsSpan(TarFormat.ModeOffset, 8)) & 0xFFF,
        UserId = (uint)Number("uid", TarFormat.UserOffset, 8),
        GroupId = (uint)Number("gid", TarFormat.GroupOffset, 8),
        ModifyTime = Time("mtime") ?? new Timestamp(TarFormat.ReadNumber(Block.AsSpan(TarFormat.TimeOffset, 12)), 0),
        AccessTime = Time("atime"),
        Device = Type is InodeType.CharacterDevice or InodeType.BlockDevice
            ? ModeText.Device((ulong)TarFormat.ReadNumber(Block.AsSpan(TarFormat.MajorOffset, 8)), (ulong)TarFormat.ReadNumber(Block.AsSpan(TarFormat.MinorOffset, 8)))
            : 0,
        SizeBytes = sizeBytes,
        Target = Type == InodeType.SymbolicLink ? Target : [],
        LinkTo = linkTo,
        Xattrs = Xattrs(),
        Data = data,
    };

    private byte[]? Record(string key) => _records.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    private Timestamp? Time(string key) => Record(key) is { } text && TarFormat.TryReadTime(text, out Timestamp time) ? time : null;

    private long Number(string key, int offset, int length) =>
        Record(key) is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : length > 0 ? TarFormat.ReadNumber(Block.AsSpan(offset, length))
        : -1;

    private byte[] ShortName()
    {
        ReadOnlySpan<byte> name = TarFormat.ReadText(Block.AsSpan(0, TarFormat.NameBytes));

        // GNU tar's own headers have other things in place of the prefix.
        bool hasPrefix = Block.AsSpan(TarFormat.MagicOffset).StartsWith("ustar\0"u8);
        ReadOnlySpan<byte> prefix = hasPrefix ? TarFormat.ReadText(Block.AsSpan(TarFormat.PrefixOffset, TarFormat.PrefixBytes)) : default;
        return prefix.IsEmpty ? name.ToArray() : BytePath.Join(prefix, name);
    }

    private List<TreeXattr> Xattrs()
    {
        var xattrs = new List<TreeXattr>();
        foreach ((string key, byte[] value) in _records)
        {
            if (key.StartsWith(TarFormat.XattrPrefix, StringComparison.Ordinal))
            {
                xattrs.Add(new TreeXattr(TarFormat.XattrOf(key), value));
            }
            else if (AclText.XattrOf(key) is { } name && AclText.Parse(Encoding.UTF8.GetString(value)) is { } acl)
            {
                xattrs.Add(new TreeXattr(name, acl));
            }
            else if (key == "RHT.security.selinux")
            {
                xattrs.Add(new TreeXattr([.. "security.selinux"u8], value));
            }
        }

        return xattrs;
    }
}
