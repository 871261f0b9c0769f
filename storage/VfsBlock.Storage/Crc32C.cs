using System.Buffers.Binary;
using System.Numerics;

namespace VfsBlock.Storage;

/// <summary>CRC32C (Castagnoli, RFC 3720 appendix B.4): the checksum of every block that the store writes.</summary>
/// <remarks>Stateless; any thread may call it. The processor's own instruction does the work where there is one.</remarks>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>Continues a checksum: <c>Append(Compute(a), b)</c> equals <c>Compute(a followed by b)</c>.</summary>
    /// <param name="checksum">The checksum of what came before.</param>
    /// <param name="data">The bytes that follow.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        uint crc = ~checksum;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
