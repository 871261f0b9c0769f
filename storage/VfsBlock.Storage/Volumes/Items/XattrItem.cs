using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>An extended attribute (FORMAT.md section 4.5). It lies in the bytes that it was read from, and is valid no longer than they are.</summary>
/// <param name="name">The name, 1 to 255 bytes.</param>
/// <param name="valueBytes">The length of the value.</param>
/// <param name="value">The value if it is here, which it is up to <see cref="MaxInlineBytes"/>; otherwise empty.</param>
internal readonly ref struct XattrItem(ReadOnlySpan<byte> name, int valueBytes, ReadOnlySpan<byte> value)
{
    /// <summary>The longest value that lies in the item itself.</summary>
    public const int MaxInlineBytes = 1024;

    /// <summary>Bytes of each part of a longer one but the last.</summary>
    public const int ChunkBytes = 2048;

    /// <summary>The most bytes that an item has.</summary>
    public const int MaxBytes = NameOffset + VolumeLimits.MaxNameBytes + MaxInlineBytes;

    private const int FlagsOffset = 1;
    private const int LengthOffset = 4;
    private const int NameOffset = 8;
    private const byte HasChunksFlag = 1;

    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The length of the value.</summary>
    public int ValueBytes { get; } = valueBytes;

    /// <summary>The value if it is here, otherwise empty.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>How many <see cref="ItemType.XattrData"/> items hold the value; 0 if it is here.</summary>
    public int ChunkCount => ChunksFor(ValueBytes);

    /// <summary>Bytes of the item.</summary>
    public int EncodedBytes => NameOffset + Name.Length + Value.Length;

    /// <summary>How many parts a value of that length is kept in; 0 if it fits the item.</summary>
    public static int ChunksFor(int valueBytes) => valueBytes <= MaxInlineBytes ? 0 : (valueBytes + ChunkBytes - 1) / ChunkBytes;

    /// <summary>True if an attribute can have that name.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) => name.Length is > 0 and <= VolumeLimits.MaxNameBytes && !name.Contains((byte)0);

    /// <summary>Reads an item and believes it only if each field can be true.</summary>
    /// <returns>False if it is damaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> item, out XattrItem xattr)
    {
        xattr = default;
        if (item.Length <= NameOffset || item.Length < NameOffset + item[0])
        {
            return false;
        }

        uint valueBytes = BinaryPrimitives.ReadUInt32LittleEndian(item[LengthOffset..]);
        if (valueBytes > VolumeLimits.MaxXattrBytes)
        {
            return false;
        }

        xattr = new XattrItem(item.Slice(NameOffset, item[0]), (int)valueBytes, item[(NameOffset + item[0])..]);
        bool hasChunks = (item[FlagsOffset] & HasChunksFlag) != 0;
        return IsName(xattr.Name) && hasChunks == (xattr.ChunkCount > 0) && xattr.Value.Length == (hasChunks ? 0 : (int)valueBytes);
    }

    /// <summary>Writes the item.</summary>
    /// <param name="destination">At least <see cref="EncodedBytes"/> bytes.</param>
    /// <returns>What was written.</returns>
    public ReadOnlySpan<byte> Write(Span<byte> destination)
    {
        destination[..NameOffset].Clear();
        destination[0] = (byte)Name.Length;
        destination[FlagsOffset] = ChunkCount > 0 ? HasChunksFlag : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[LengthOffset..], (uint)ValueBytes);
        Name.CopyTo(destination[NameOffset..]);
        Value.CopyTo(destination[(NameOffset + Name.Length)..]);
        return destination[..EncodedBytes];
    }
}
