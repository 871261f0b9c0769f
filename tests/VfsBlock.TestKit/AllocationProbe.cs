using Xunit;

namespace VfsBlock.TestKit;

/// <summary>Proves that a piece of code allocates nothing on the managed heap.</summary>
/// <remarks>
/// The runtime itself allocates a little on a thread now and then (tier-up, static initialisation, type loading), so one
/// noisy round proves nothing against the code. Code that allocates does so in every round: it passes only if some
/// round of many calls allocated exactly zero bytes.
/// </remarks>
public static class AllocationProbe
{
    private const int RoundCount = 50;
    private const int CallsPerRound = 200;

    /// <summary>Fails unless <paramref name="action"/> runs 200 times in a row, in some round, with no allocated byte.</summary>
    public static void AssertNone(Action action) => AssertNone(action, GC.GetAllocatedBytesForCurrentThread);

    /// <summary>As <see cref="AssertNone(Action)"/>, for code that <paramref name="action"/> makes other threads run.</summary>
    /// <param name="action">Makes them run it.</param>
    /// <param name="readAllocatedBytes">What those threads have allocated so far, in bytes.</param>
    public static void AssertNone(Action action, Func<long> readAllocatedBytes)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(readAllocatedBytes);
        long fewest = long.MaxValue;
        for (int round = 0; round < RoundCount && fewest != 0; round++)
        {
            long before = readAllocatedBytes();
            for (int call = 0; call < CallsPerRound; call++)
            {
                action();
            }

            fewest = Math.Min(fewest, readAllocatedBytes() - before);
        }

        Assert.True(fewest == 0, $"{fewest} bytes allocated by {CallsPerRound} calls in the best of {RoundCount} rounds");
    }
}
