using System.Runtime.InteropServices;

namespace VfsBlock.Storage;

/// <summary>The attributes of an inode, in memory as on disk (FORMAT.md section 4.3; both are little-endian).</summary>
[StructLayout(LayoutKind.Sequential, Size = EncodedBytes)]
public struct InodeItem
{
    /// <summary>Bytes of the item.</summary>
    public const int EncodedBytes = 112;

    /// <summary>The longest file: what a signed offset can reach.</summary>
    public const ulong MaxSizeBytes = long.MaxValue;

    /// <summary>Type and permissions, as in stat(2).</summary>
    public uint Mode;

    /// <summary>How many names it has; for a directory 2 and one for each directory in it. 0: it goes once nobody uses it.</summary>
    public uint LinkCount;

    /// <summary>Who owns it.</summary>
    public uint UserId;

    /// <summary>Which group owns it.</summary>
    public uint GroupId;

    /// <summary>Bytes of a file, or of a symbolic link's target; otherwise 0.</summary>
    public ulong SizeBytes;

    /// <summary>Blocks of the image that its data takes.</summary>
    public ulong BlockCount;

    private const uint TruncationPendingFlag = 1 << 16;
    private const uint AccessAclFlag = 1 << 17;
    private const uint DefaultAclFlag = 1 << 18;

    private long _accessSeconds;
    private long _modifySeconds;
    private long _changeSeconds;
    private long _birthSeconds;
    private uint _accessNanoseconds;
    private uint _modifyNanoseconds;
    private uint _changeNanoseconds;
    private uint _birthNanoseconds;

    /// <summary>What FORMAT.md lists as flags: <see cref="InodeFlags"/>, and those that the volume keeps for itself.</summary>
    public uint Flags;

    /// <summary>The project that the space is counted for.</summary>
    public uint ProjectId;

    /// <summary>Of a device node: its number as makedev(3) packs it; otherwise 0.</summary>
    public ulong Device;

    /// <summary>Tells apart inodes that had the same number: a crash may take one back, and its number is used again. For handles that outlive a mount (name_to_handle_at(2)).</summary>
    public ulong Generation;

    private readonly ulong _reserved;

    /// <summary>True while extents that lie behind the end of the file are still to be removed.</summary>
    internal bool IsTruncationPending
    {
        readonly get => (Flags & TruncationPendingFlag) != 0;
        set => Flags = value ? Flags | TruncationPendingFlag : Flags & ~TruncationPendingFlag;
    }

    /// <summary>True if it has an access control list besides its mode, so that nobody looks for one in vain.</summary>
    internal bool HasAccessAcl
    {
        readonly get => (Flags & AccessAclFlag) != 0;
        set => Flags = value ? Flags | AccessAclFlag : Flags & ~AccessAclFlag;
    }

    /// <summary>True if it is a directory that has an access control list for what is made in it.</summary>
    internal bool HasDefaultAcl
    {
        readonly get => (Flags & DefaultAclFlag) != 0;
        set => Flags = value ? Flags | DefaultAclFlag : Flags & ~DefaultAclFlag;
    }

    /// <summary>True if it has any of the flags.</summary>
    internal readonly bool Has(InodeFlags flags) => (Flags & (uint)flags) != 0;

    /// <summary>What it is.</summary>
    public readonly InodeType Type => ModeBits.TypeOf(Mode);

    /// <summary>True for a directory.</summary>
    public readonly bool IsDirectory => Type == InodeType.Directory;

    /// <summary>When it was last read.</summary>
    public Timestamp AccessTime
    {
        readonly get => new(_accessSeconds, _accessNanoseconds);
        set => (_accessSeconds, _accessNanoseconds) = (value.Seconds, value.Nanoseconds);
    }

    /// <summary>When its content was last changed.</summary>
    public Timestamp ModifyTime
    {
        readonly get => new(_modifySeconds, _modifyNanoseconds);
        set => (_modifySeconds, _modifyNanoseconds) = (value.Seconds, value.Nanoseconds);
    }

    /// <summary>When content or attributes were last changed.</summary>
    public Timestamp ChangeTime
    {
        readonly get => new(_changeSeconds, _changeNanoseconds);
        set => (_changeSeconds, _changeNanoseconds) = (value.Seconds, value.Nanoseconds);
    }

    /// <summary>When it was made.</summary>
    public Timestamp BirthTime
    {
        readonly get => new(_birthSeconds, _birthNanoseconds);
        set => (_birthSeconds, _birthNanoseconds) = (value.Seconds, value.Nanoseconds);
    }

    /// <summary>Reads an item and believes it only if each field can be true.</summary>
    /// <returns>False if it is damaged.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> value, out InodeItem inode)
    {
        if (value.Length != EncodedBytes)
        {
            inode = default;
            return false;
        }

        inode = MemoryMarshal.Read<InodeItem>(value);
        return inode.IsValid;
    }

    /// <summary>Content changed: mtime and ctime from one reading of the clock.</summary>
    internal void SetChanged(Timestamp now)
    {
        ModifyTime = now;
        ChangeTime = now;
    }

    /// <summary>The item's bytes, as they go into the tree.</summary>
    internal static ReadOnlySpan<byte> BytesOf(ref readonly InodeItem inode) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<InodeItem>(in inode));

    private readonly bool IsValid =>
        ModeBits.IsKnown(Type)
        && SizeBytes <= MaxSizeBytes
        && (!IsDirectory || (LinkCount != 1 && SizeBytes == 0))
        && LinkCount <= VolumeLimits.MaxLinkCount
        && AccessTime.IsValid && ModifyTime.IsValid && ChangeTime.IsValid && BirthTime.IsValid;
}
