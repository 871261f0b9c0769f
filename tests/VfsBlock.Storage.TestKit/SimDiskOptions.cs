namespace VfsBlock.Storage.TestKit;

/// <summary>What a <see cref="SimDisk"/> is like.</summary>
public sealed record SimDiskOptions
{
    /// <summary>What messages call it.</summary>
    public string Name { get; init; } = "simulated disk";

    /// <summary>What writes must be aligned to.</summary>
    public int AlignmentBytes { get; init; } = 4096;

    /// <summary>Whether its size can change.</summary>
    public bool CanResize { get; init; } = true;

    /// <summary>The size that it cannot grow beyond: ENOSPC.</summary>
    public long SizeLimitBytes { get; init; } = long.MaxValue;

    /// <summary>If set, queues complete writes in an order, and as many at a time, as this seed says; else as submitted.</summary>
    public int? CompletionSeed { get; init; }
}
