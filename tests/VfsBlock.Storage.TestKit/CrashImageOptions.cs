namespace VfsBlock.Storage.TestKit;

/// <summary>How far <see cref="CrashImages"/> goes.</summary>
public sealed record CrashImageOptions
{
    /// <summary>Up to so many changes between two flushes every subset of them is an image; beyond, a choice.</summary>
    public int FullSubsetLimit { get; init; } = 12;

    /// <summary>Beyond <see cref="FullSubsetLimit"/>: how many random subsets.</summary>
    public int RandomSubsetCount { get; init; } = 200;

    /// <summary>At most so many images between two flushes; the most telling kinds come first.</summary>
    public int MaxImagesPerFlush { get; init; } = 10_000;

    /// <summary>Whether writes of several sectors are torn.</summary>
    public bool HasTornWrites { get; init; } = true;

    /// <summary>Seed of the random choices: the same seed gives the same images.</summary>
    public int Seed { get; init; } = 1;
}
