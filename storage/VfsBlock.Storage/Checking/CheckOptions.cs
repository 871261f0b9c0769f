namespace VfsBlock.Storage;

/// <summary>How thoroughly a volume is checked.</summary>
public sealed record CheckOptions
{
    /// <summary>True to read all data of files too, and compare it with its checksums.</summary>
    public bool VerifiesData { get; init; }

    /// <summary>
    /// True to replay the log in memory first, if it still has to be, and to check what comes of that. Otherwise the root in force is checked as it is. The
    /// device is not written either way.
    /// </summary>
    public bool ReplaysLog { get; init; }

    /// <summary>How many findings are kept; the others are counted.</summary>
    public int MaxFindings { get; init; } = 1000;

    /// <summary>
    /// Called from time to time on the thread of the check: how many blocks are done, of how many. The second is a guess from the image's own counts; a damaged image may
    /// guess wrong.
    /// </summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>The bits of a hash that count; for tests that need collisions.</summary>
    internal ulong HashMask { get; init; } = ulong.MaxValue;
}
