using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>How thoroughly a <see cref="CrashRun"/> is checked.</summary>
internal sealed record CrashPlanOptions
{
    /// <summary>Which images of the run.</summary>
    public CrashImageOptions Images { get; init; } = new();

    /// <summary>Images of a power cut before this position of the disk's record are left out.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Every so many images, those of a crash during recovery are looked at too; 0 for never.</summary>
    public int NestedEvery { get; init; }

    /// <summary>Which images of a recovery.</summary>
    public CrashImageOptions Nested { get; init; } = new() { FullSubsetLimit = 4, RandomSubsetCount = 4, MaxImagesPerFlush = 4, HasTornWrites = false };

    /// <summary>Every so many images, the checker looks at what was recovered; 0 for never.</summary>
    public int CheckedEvery { get; init; } = 5;

    /// <summary>Every so many images, the image is recovered again, used, synced and crashed once more; 0 for never.</summary>
    public int UsedEvery { get; init; } = 1;
}
