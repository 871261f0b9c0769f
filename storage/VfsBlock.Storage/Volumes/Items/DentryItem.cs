using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>A name in a directory (FORMAT.md section 4.4). It lies in the bytes that it was read from, and is valid no longer than they are.</summary>
/// <param name="child">The inode that has the name.</param>
/// <param name="type">What that inode is.</param>
/// <param name="name">The name, 1 to 255 bytes.</param>
internal readonly ref struct DentryItem(InodeNumber child, InodeType type, ReadOnlySpan<byte> name)
{
    /// <summary>The most bytes that an item has.</summary>
    public const int MaxBytes = NameOffset + VolumeLimits.MaxNameBytes;

    /// <summary>Bytes of inode and type, which lie before the name.</summary>
    public const int NameOffset = TypeOffset + 1;

    private const int TypeOffset = sizeof(ulong);

    /// <summary>The inode that has the name.</summary>
    public InodeNumber Child { get; } = child;

    /// <summary>What that inode is.</summary>
    public InodeType Type { get; } = type;

    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>Bytes of the item.</summary>
    public int EncodedBytes => NameOffset + Name.Length;

    /// <summary>True if a directory can hold that name. "." and ".." are nobody's names.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= VolumeLimits.MaxNameBytes
        && !name.ContainsAny((byte)'/', (byte)0)
        && !name.SequenceEqual("."u8)
        && !name.SequenceEqual(".."u8);

    /// <summary>Reads an item and believes it only if each field can be true.</summary>
    /// <returns>False if it is damaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, out DentryItem dentry)
    {
        dentry = default;
        if (value.Length <= NameOffset)
        {
            return false;
        }

        dentry = new DentryItem(
            new InodeNumber(BinaryPrimitives.ReadUInt64LittleEndian(value)), (InodeType)value[TypeOffset], value[NameOffset..]);
        return dentry.Child.Value is > 0 and <= FileKey.MaxSub && ModeBits.IsKnown(dentry.Type) && IsName(dentry.Name);
    }

    /// <summary>Writes the item.</summary>
    /// <param name="destination">At least <see cref="EncodedBytes"/> bytes.</param>
    /// <returns>What was written.</returns>
    public ReadOnlySpan<byte> Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Child.Value);
        destination[TypeOffset] = (byte)Type;
        Name.CopyTo(destination[NameOffset..]);
        return destination[..EncodedBytes];
    }
}
