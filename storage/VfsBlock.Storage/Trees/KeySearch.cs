using System.Runtime.CompilerServices;

namespace VfsBlock.Storage;

/// <summary>Binary search among keys that lie a fixed stride apart.</summary>
internal static unsafe class KeySearch
{
    /// <summary>The index of the last key that is not above <paramref name="key"/>; -1 if all are.</summary>
    /// <remarks>
    /// A probe of a random key is a coin toss for the branch predictor, so the two outcomes differ in arithmetic, not in a jump.
    /// Never reads outside the <paramref name="count"/> keys, whatever their order.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FloorIndex(byte* first, int strideBytes, int count, TreeKey key)
    {
        if (count == 0)
        {
            return -1;
        }

        int index = 0;
        int length = count;
        while (length > 1)
        {
            int half = length >> 1;
            index += half & -IsNotAbove(first + ((nint)(index + half) * strideBytes), key);
            length -= half;
        }

        return index - 1 + IsNotAbove(first + ((nint)index * strideBytes), key);
    }

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
