using System.Buffers.Binary;
using System.Numerics;

namespace VfsBlock.Storage;

/// <summary>CRC32C (Castagnoli, RFC 3720 appendix B.4): the checksum of every block that the store writes.</summary>
/// <remarks>Stateless; any thread may call it. The processor's own instruction does the work where there is one.</remarks>
public static class Crc32C
{
    /// <summary>Data of at least this length goes in lanes.</summary>
    internal const int LanesBytes = 3 * LaneBytes;

    /// <summary>Three lanes of this are a block of 4096 bytes but for 16.</summary>
    private const int LaneBytes = 1360;

    private const int TableSize = 256;

    private static readonly uint[] _shifts = MakeShifts();

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>Continues a checksum: <c>Append(Compute(a), b)</c> equals <c>Compute(a followed by b)</c>.</summary>
    /// <param name="checksum">The checksum of what came before.</param>
    /// <param name="data">The bytes that follow.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        uint crc = ~checksum;
        while (data.Length >= LanesBytes)
        {
            crc = AppendLanes(crc, data);
            data = data[LanesBytes..];
        }

        return ~AppendPlain(crc, data);
    }

    /// <summary>As <see cref="Append"/>, in one lane: what the other is tested against.</summary>
    internal static uint AppendInOneLane(uint checksum, ReadOnlySpan<byte> data) => ~AppendPlain(~checksum, data);

    private static uint AppendPlain(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    // The instruction takes three cycles, but one can begin in each: three lanes, put together at the end, keep it busy.
    private static uint AppendLanes(uint crc, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> lane0 = data[..LaneBytes];
        ReadOnlySpan<byte> lane1 = data.Slice(LaneBytes, LaneBytes);
        ReadOnlySpan<byte> lane2 = data.Slice(2 * LaneBytes, LaneBytes);
        uint crc1 = 0;
        uint crc2 = 0;
        for (int offset = 0; offset < LaneBytes; offset += sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(lane0[offset..]));
            crc1 = BitOperations.Crc32C(crc1, BinaryPrimitives.ReadUInt64LittleEndian(lane1[offset..]));
            crc2 = BitOperations.Crc32C(crc2, BinaryPrimitives.ReadUInt64LittleEndian(lane2[offset..]));
        }

        return Shift(Shift(crc) ^ crc1) ^ crc2;
    }

    /// <summary>What a lane of zeros makes of a remainder.</summary>
    private static uint Shift(uint crc) =>
        _shifts[crc & 0xFF]
        ^ _shifts[TableSize + ((crc >> 8) & 0xFF)]
        ^ _shifts[(2 * TableSize) + ((crc >> 16) & 0xFF)]
        ^ _shifts[(3 * TableSize) + (crc >> 24)];

    // Remainders add up: that of a byte is the sum of those of its bits.
    private static uint[] MakeShifts()
    {
        uint[] shifts = new uint[4 * TableSize];
        for (int bit = 0; bit < 32; bit++)
        {
            uint crc = 1U << bit;
            for (int offset = 0; offset < LaneBytes; offset += sizeof(ulong))
            {
                crc = BitOperations.Crc32C(crc, 0UL);
            }

            int table = bit / 8 * TableSize;
            int place = 1 << (bit % 8);
            for (int low = 0; low < place; low++)
            {
                shifts[table + place + low] = crc ^ shifts[table + low];
            }
        }

        return shifts;
    }
}
