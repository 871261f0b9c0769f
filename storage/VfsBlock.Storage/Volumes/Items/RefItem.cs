using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>A name that an inode has, seen from the inode (FORMAT.md section 4.2): the way up, for "..", for cycles and for repair.</summary>
/// <param name="Parent">The directory that the name is in.</param>
/// <param name="DentrySub">The sub key of the name's item there.</param>
internal readonly record struct RefItem(InodeNumber Parent, ulong DentrySub)
{
    /// <summary>Bytes of the item.</summary>
    public const int EncodedBytes = 16;

    /// <summary>Reads an item and believes it only if each field can be true.</summary>
    /// <returns>False if it is damaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, out RefItem reference)
    {
        if (value.Length != EncodedBytes)
        {
            reference = default;
            return false;
        }

        reference = new RefItem(
            new InodeNumber(BinaryPrimitives.ReadUInt64LittleEndian(value)), BinaryPrimitives.ReadUInt64LittleEndian(value[sizeof(ulong)..]));
        return reference.Parent.Value is > 0 and <= FileKey.MaxSub && reference.DentrySub <= FileKey.MaxSub;
    }

    /// <summary>Writes the item.</summary>
    /// <param name="destination">At least 16 bytes.</param>
    /// <returns>What was written.</returns>
    public ReadOnlySpan<byte> Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Parent.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[sizeof(ulong)..], DentrySub);
        return destination[..EncodedBytes];
    }
}
