namespace VfsBlock.Storage;

/// <summary>
/// What a run of blocks is wanted for. Each stream goes on where its last run ended, so that files written side by side do not
/// interleave and nodes stay together.
/// </summary>
public readonly record struct AllocationStream
{
    /// <summary>How many streams there are.</summary>
    internal const int Count = 17;

    private const int FirstLarge = 3;

    private AllocationStream(int index) => Index = index;

    /// <summary>Nodes of trees, and whatever a caller does not tell apart.</summary>
    public static AllocationStream Metadata => default;

    /// <summary>Files of a few blocks.</summary>
    public static AllocationStream SmallData => new(1);

    /// <summary>A few blocks that somebody waits for: where the host has space already, if there are such blocks; otherwise as <see cref="SmallData"/>.</summary>
    public static AllocationStream SyncedData => new(2);

    internal int Index { get; }

    /// <summary>One of the streams for large files; files that are written at the same time should have different numbers.</summary>
    /// <param name="number">Any number; it is folded into the streams that exist.</param>
    public static AllocationStream LargeData(uint number) => new(FirstLarge + (int)(number % (Count - FirstLarge)));
}
