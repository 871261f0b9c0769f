using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>Search among sorted keys that lie a fixed stride apart.</summary>
internal static unsafe class KeySearch
{
    // Below this all keys lie in a few cache lines.
    private const int GuessMinCount = 16;
    private const int FirstStep = 4;
    private const int GuessBits = 32;

    /// <summary>The index of the last key that is not above <paramref name="key"/>; -1 if all are.</summary>
    /// <remarks>
    /// Keys are hashes, or numbers that were given out in order: spread evenly. So the place is guessed from the lowest and the highest key, and what lies
    /// around the guess is searched: three cache lines from memory, where a binary search of a leaf takes seven. A wrong guess costs as much again as that.
    /// Never reads outside the <paramref name="count"/> keys, whatever their order.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FloorIndex(byte* first, int strideBytes, int count, TreeKey key)
    {
        if (count > GuessMinCount)
        {
            return FloorIndexByGuess(first, strideBytes, count, key);
        }

        return count == 0 ? -1 : FloorIndex(first, strideBytes, 0, count, key);
    }

    private static int FloorIndexByGuess(byte* first, int strideBytes, int count, TreeKey key)
    {
        var wanted = new UInt128(key.High, key.Low);
        UInt128 lowest = KeyAt(first);
        UInt128 highest = KeyAt(first + ((nint)(count - 1) * strideBytes));
        if (wanted < lowest)
        {
            return -1;
        }

        if (wanted >= highest)
        {
            return count - 1;
        }

        int shift = Math.Max(0, 128 - GuessBits - (int)UInt128.LeadingZeroCount(highest - lowest));
        ulong width = (ulong)((highest - lowest) >> shift);
        int guess = (int)((ulong)((wanted - lowest) >> shift) * (ulong)(count - 1) / (width + 1));
        return FloorIndexAround(first, strideBytes, count, key, guess);
    }

    /// <summary>Goes away from the guess in steps that double until the key lies in between, and divides from there.</summary>
    private static int FloorIndexAround(byte* first, int strideBytes, int count, TreeKey key, int guess)
    {
        int begin = guess;
        int end = guess;
        int step = FirstStep;
        if (IsNotAbove(first + ((nint)guess * strideBytes), key) != 0)
        {
            for (end += step; end < count && IsNotAbove(first + ((nint)end * strideBytes), key) != 0; end += step)
            {
                begin = end;
                step *= 2;
            }
        }
        else
        {
            for (begin -= step; begin > 0 && IsNotAbove(first + ((nint)begin * strideBytes), key) == 0; begin -= step)
            {
                end = begin;
                step *= 2;
            }
        }

        begin = Math.Max(begin, 0);
        return FloorIndex(first, strideBytes, begin, Math.Min(end, count) - begin, key);
    }

    /// <summary>Divides <paramref name="length"/> keys, at least one, from <paramref name="index"/> on; all before are not above the key.</summary>
    /// <remarks>A probe of a random key is a coin toss for the branch predictor, so the two outcomes differ in arithmetic, not in a jump.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FloorIndex(byte* first, int strideBytes, int index, int length, TreeKey key)
    {
        while (length > 1)
        {
            int half = length >> 1;
            index += half & -IsNotAbove(first + ((nint)(index + half) * strideBytes), key);
            length -= half;
        }

        return index - 1 + IsNotAbove(first + ((nint)index * strideBytes), key);
    }

    private static UInt128 KeyAt(byte* at) => new(((ulong*)at)[0], ((ulong*)at)[1]);

    /// <summary>1 if the key at <paramref name="at"/> is at most <paramref name="key"/>, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IsNotAbove(byte* at, TreeKey key)
    {
        ulong high = ((ulong*)at)[0];
        ulong low = ((ulong*)at)[1];
        int isHighBelow = high < key.High ? 1 : 0;
        int isHighEqual = high == key.High ? 1 : 0;
        int isLowNotAbove = low <= key.Low ? 1 : 0;
        return isHighBelow | (isHighEqual & isLowNotAbove);
    }
}
