using System.Numerics;

namespace VfsBlock.Storage;

/// <summary>Runs of bits in a bitmap of 64-bit words; 1 = taken. Stateless; the caller keeps writers apart.</summary>
internal static unsafe class BlockBits
{
    private const int WordBits = 64;

    public static bool Get(ulong* bits, int index) => (bits[index / WordBits] >> (index % WordBits) & 1) != 0;

    public static void Set(ulong* bits, int start, int count)
    {
        for (int end = start + count; start < end;)
        {
            int step = Math.Min(WordBits - (start % WordBits), end - start);
            bits[start / WordBits] |= Mask(start, step);
            start += step;
        }
    }

    public static void Clear(ulong* bits, int start, int count)
    {
        for (int end = start + count; start < end;)
        {
            int step = Math.Min(WordBits - (start % WordBits), end - start);
            bits[start / WordBits] &= ~Mask(start, step);
            start += step;
        }
    }

    /// <summary>How many of the bits are 1.</summary>
    public static int CountSet(ulong* bits, int start, int count)
    {
        int total = 0;
        for (int end = start + count; start < end;)
        {
            int step = Math.Min(WordBits - (start % WordBits), end - start);
            total += BitOperations.PopCount(bits[start / WordBits] & Mask(start, step));
            start += step;
        }

        return total;
    }

    /// <summary>The first 0 bit from <paramref name="start"/> on, or <paramref name="end"/>.</summary>
    public static int NextClear(ulong* bits, int start, int end)
    {
        if (start >= end)
        {
            return end;
        }

        int word = start / WordBits;
        ulong clear = ~bits[word] & (ulong.MaxValue << (start % WordBits));
        if (clear == 0)
        {
            int words = ((end + WordBits - 1) / WordBits) - word - 1;
            int skipped = new ReadOnlySpan<ulong>(bits + word + 1, words).IndexOfAnyExcept(ulong.MaxValue);
            if (skipped < 0)
            {
                return end;
            }

            word += 1 + skipped;
            clear = ~bits[word];
        }

        return Math.Min(end, (word * WordBits) + BitOperations.TrailingZeroCount(clear));
    }

    /// <summary>The first 1 bit from <paramref name="start"/> on, or <paramref name="end"/>.</summary>
    public static int NextSet(ulong* bits, int start, int end)
    {
        if (start >= end)
        {
            return end;
        }

        int word = start / WordBits;
        ulong set = bits[word] & (ulong.MaxValue << (start % WordBits));
        if (set == 0)
        {
            int words = ((end + WordBits - 1) / WordBits) - word - 1;
            int skipped = new ReadOnlySpan<ulong>(bits + word + 1, words).IndexOfAnyExcept(0UL);
            if (skipped < 0)
            {
                return end;
            }

            word += 1 + skipped;
            set = bits[word];
        }

        return Math.Min(end, (word * WordBits) + BitOperations.TrailingZeroCount(set));
    }

    /// <summary>The bit behind the last 1 bit before <paramref name="end"/>; 0 if there is none.</summary>
    public static int EndOfSet(ulong* bits, int end)
    {
        while (end > 0)
        {
            int word = (end - 1) / WordBits;
            ulong set = bits[word] & (ulong.MaxValue >> (WordBits - 1 - ((end - 1) % WordBits)));
            if (set != 0)
            {
                return (word * WordBits) + WordBits - BitOperations.LeadingZeroCount(set);
            }

            end = word * WordBits;
        }

        return 0;
    }

    /// <summary>The first run of <paramref name="wanted"/> 0 bits that begins in the range; else the longest that does.</summary>
    /// <param name="bits">The bitmap.</param>
    /// <param name="start">Where runs may begin.</param>
    /// <param name="end">Runs begin before it, and end there at the latest.</param>
    /// <param name="wanted">How long a run is long enough.</param>
    /// <param name="length">Its length, <paramref name="wanted"/> at most; 0 if all bits are 1.</param>
    public static int FindRun(ulong* bits, int start, int end, int wanted, out int length)
    {
        int best = start;
        length = 0;
        while (end - start > length)
        {
            start = NextClear(bits, start, end);
            int stop = NextSet(bits, start, Math.Min(end, start + wanted));
            if (stop - start > length)
            {
                best = start;
                length = stop - start;
            }

            if (length == wanted)
            {
                break;
            }

            start = stop;
        }

        return best;
    }

    private static ulong Mask(int start, int count) =>
        (count == WordBits ? ulong.MaxValue : (1UL << count) - 1) << (start % WordBits);
}
