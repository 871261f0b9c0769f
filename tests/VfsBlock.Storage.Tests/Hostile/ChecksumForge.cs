using System.Buffers.Binary;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>Chooses four bytes so that a CRC32C comes out as wanted: a checksum keeps accidents out, and nobody who means it.</summary>
internal static class ChecksumForge
{
    private const int BitCount = 32;

    /// <summary>Overwrites four bytes of a structure that mean nothing.</summary>
    /// <param name="bytes">The structure.</param>
    /// <param name="freeOffset">Where the four bytes are.</param>
    /// <param name="wanted">Its CRC32C afterwards.</param>
    public static void Force(Span<byte> bytes, int freeOffset, uint wanted)
    {
        uint zero = With(bytes, freeOffset, 0);
        Span<uint> basis = stackalloc uint[BitCount];
        Span<uint> choices = stackalloc uint[BitCount];
        for (int bit = 0; bit < BitCount; bit++)
        {
            uint choice = 1u << bit;
            uint vector = Reduce(With(bytes, freeOffset, choice) ^ zero, basis, choices, ref choice);
            if (vector != 0)
            {
                int top = BitCount - 1 - System.Numerics.BitOperations.LeadingZeroCount(vector);
                basis[top] = vector;
                choices[top] = choice;
            }
        }

        uint answer = 0;
        if (Reduce(wanted ^ zero, basis, choices, ref answer) != 0 || With(bytes, freeOffset, answer) != wanted)
        {
            throw new InvalidOperationException("the checksum does not depend on all bits of these bytes");
        }
    }

    private static uint With(Span<byte> bytes, int offset, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
        return Crc32C.Compute(bytes);
    }

    // The checksum is linear: what differs in it is the sum of what the bits that differ do.
    private static uint Reduce(uint vector, ReadOnlySpan<uint> basis, ReadOnlySpan<uint> choices, ref uint choice)
    {
        for (int bit = BitCount - 1; bit >= 0; bit--)
        {
            if ((vector >> bit & 1) != 0 && basis[bit] != 0)
            {
                vector ^= basis[bit];
                choice ^= choices[bit];
            }
        }

        return vector;
    }
}
