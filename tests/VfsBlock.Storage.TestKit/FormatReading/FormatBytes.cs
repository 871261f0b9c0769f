using System.Buffers.Binary;
using System.Numerics;

namespace FormatReading;

/// <summary>Numbers, checksums and hashes as docs/FORMAT.md defines them.</summary>
/// <remarks>
/// This namespace reads images with nothing but what the document says, so that the document is held against the program: it is not below the product's
/// namespace and uses no type of it.
/// </remarks>
internal static class FormatBytes
{
    private const uint Castagnoli = 0x82F63B78;
    private const int ChecksumBytes = 4;

    private static readonly uint[] _table = [.. Enumerable.Range(0, 256).Select(Remainder)];

    public static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    public static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    public static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    public static long I64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);

    public static void Demand(bool isTrue, string what)
    {
        if (!isTrue)
        {
            throw new FormatReadException(what);
        }
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint value = uint.MaxValue;
        foreach (byte each in bytes)
        {
            value = _table[(value ^ each) & 0xFF] ^ (value >> 8);
        }

        return ~value;
    }

    /// <summary>The checksum of a structure that holds it at an offset, which counts as zeros.</summary>
    public static uint Checksum(ReadOnlySpan<byte> structure, int fieldOffset)
    {
        byte[] copy = structure.ToArray();
        copy.AsSpan(fieldOffset, ChecksumBytes).Clear();
        return Checksum(copy);
    }

    /// <summary>SipHash-2-4.</summary>
    public static ulong SipHash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        ulong[] v =
        [
            U64(key, 0) ^ 0x736f6d6570736575, U64(key, 8) ^ 0x646f72616e646f6d, U64(key, 0) ^ 0x6c7967656e657261, U64(key, 8) ^ 0x7465646279746573,
        ];
        byte[] padded = new byte[(data.Length + 8) & ~7];
        data.CopyTo(padded);
        padded[^1] = (byte)data.Length;
        for (int offset = 0; offset < padded.Length; offset += 8)
        {
            v[3] ^= U64(padded, offset);
            SipRounds(v, 2);
            v[0] ^= U64(padded, offset);
        }

        v[2] ^= 0xFF;
        SipRounds(v, 4);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void SipRounds(ulong[] v, int count)
    {
        for (int round = 0; round < count; round++)
        {
            Half(v, 0, 1, 13);
            Half(v, 2, 3, 16);
            v[0] = BitOperations.RotateLeft(v[0], 32);
            Half(v, 2, 1, 17);
            Half(v, 0, 3, 21);
            v[2] = BitOperations.RotateLeft(v[2], 32);
        }
    }

    private static void Half(ulong[] v, int a, int b, int bits)
    {
        v[a] += v[b];
        v[b] = BitOperations.RotateLeft(v[b], bits) ^ v[a];
    }

    private static uint Remainder(int value)
    {
        uint rest = (uint)value;
        for (int bit = 0; bit < 8; bit++)
        {
            rest = (rest & 1) != 0 ? (rest >> 1) ^ Castagnoli : rest >> 1;
        }

        return rest;
    }
}
