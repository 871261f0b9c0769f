using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>How a root record names a descriptor page (FORMAT.md section 1.2).</summary>
/// <param name="Checksum">CRC32C of the page.</param>
/// <param name="Slot">Which of the two slots holds it.</param>
/// <param name="IsWritten">False if the page was never written: all its groups are untouched.</param>
internal readonly record struct PageReference(uint Checksum, int Slot, bool IsWritten)
{
    public const int SizeBytes = 8;

    public static PageReference Decode(ReadOnlySpan<byte> from)
    {
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]);
        return new PageReference(BinaryPrimitives.ReadUInt32LittleEndian(from), (int)(flags & 1), (flags & 2) != 0);
    }

    public void Encode(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)Slot | (IsWritten ? 2u : 0));
    }
}
