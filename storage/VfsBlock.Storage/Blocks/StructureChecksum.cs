using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>The checksum of a structure that carries it in itself: the field counts as zero (FORMAT.md, head). Any thread.</summary>
internal static class StructureChecksum
{
    private const int FieldBytes = sizeof(uint);

    public static uint Compute(ReadOnlySpan<byte> structure, int fieldOffsetBytes)
    {
        ReadOnlySpan<byte> zero = [0, 0, 0, 0];
        uint checksum = Crc32C.Compute(structure[..fieldOffsetBytes]);
        checksum = Crc32C.Append(checksum, zero);
        return Crc32C.Append(checksum, structure[(fieldOffsetBytes + FieldBytes)..]);
    }

    public static void Seal(Span<byte> structure, int fieldOffsetBytes) =>
        BinaryPrimitives.WriteUInt32LittleEndian(structure[fieldOffsetBytes..], Compute(structure, fieldOffsetBytes));

    public static bool IsRight(ReadOnlySpan<byte> structure, int fieldOffsetBytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(structure[fieldOffsetBytes..]) == Compute(structure, fieldOffsetBytes);
}
