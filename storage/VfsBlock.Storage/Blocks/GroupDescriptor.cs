using System.Buffers.Binary;

namespace VfsBlock.Storage;

/// <summary>What an image says of one group's bitmap (FORMAT.md section 1.3).</summary>
/// <param name="Checksum">CRC32C of the bitmap.</param>
/// <param name="Slot">Which of the two slots holds it.</param>
/// <param name="IsWritten">False if no bitmap was ever written: only the reserved blocks are in use.</param>
/// <param name="FreeBlocks">How many blocks of the group are free.</param>
/// <param name="LongestRun">Longest run of free blocks; a hint.</param>
/// <param name="Generation">The generation that wrote it.</param>
internal readonly record struct GroupDescriptor(uint Checksum, int Slot, bool IsWritten, int FreeBlocks, int LongestRun, ulong Generation)
{
    public const int SizeBytes = 32;

    private const uint SlotFlag = 1;
    private const uint WrittenFlag = 2;

    public static GroupDescriptor Decode(ReadOnlySpan<byte> from)
    {
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]);
        return new GroupDescriptor(
            BinaryPrimitives.ReadUInt32LittleEndian(from),
            (int)(flags & SlotFlag),
            (flags & WrittenFlag) != 0,
            (int)BinaryPrimitives.ReadUInt32LittleEndian(from[8..]),
            (int)BinaryPrimitives.ReadUInt32LittleEndian(from[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[16..]));
    }

    public void Encode(Span<byte> to)
    {
        to[..SizeBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)Slot | (IsWritten ? WrittenFlag : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], (uint)FreeBlocks);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], (uint)LongestRun);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], Generation);
    }
}
