namespace VfsBlock.Bench;

/// <summary>Names from numbers, in no order: a store that keeps names sorted gets no help from numbers that ascend.</summary>
internal static class FileNames
{
    /// <summary>Bytes of a name.</summary>
    public const int LengthBytes = 15;

    /// <summary>Bytes of a buffer for one, the zero byte behind it included.</summary>
    public const int BufferBytes = 16;

    private const ulong Scrambler = 0x9E3779B97F4A7C15;

    /// <summary>Writes the name of a number, unique among all numbers below 2^60.</summary>
    public static ReadOnlySpan<byte> Write(Span<byte> buffer, ulong number)
    {
        ulong scrambled = number * Scrambler & ((1UL << (4 * LengthBytes)) - 1);
        for (int index = LengthBytes - 1; index >= 0; index--)
        {
            buffer[index] = (byte)('a' + (scrambled & 15));
            scrambled >>= 4;
        }

        buffer[LengthBytes] = 0;
        return buffer[..LengthBytes];
    }
}
