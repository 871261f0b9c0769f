namespace VfsBlock.Storage;

/// <summary>What a check of a volume found.</summary>
public sealed record CheckReport
{
    /// <summary>What is wrong, as many as were asked for.</summary>
    public required IReadOnlyList<VolumeFinding> Findings { get; init; }

    /// <summary>How many findings there were beyond those.</summary>
    public long MoreCount { get; init; }

    /// <summary>True if nothing is wrong.</summary>
    public bool IsClean => Findings.Count == 0;

    /// <summary>Batches of the log that have to be replayed: the image was not closed. No fault by itself.</summary>
    public int ReplayCount { get; init; }

    /// <summary>Batches behind them that a replay drops, because their data did not arrive before a crash.</summary>
    public int DroppedCount { get; init; }

    /// <summary>True if the log was replayed in memory, and what came of that was checked.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>The generation that was checked; 0 if there is none.</summary>
    public ulong Generation { get; init; }

    /// <summary>Nodes of trees that are sound.</summary>
    public long NodeCount { get; init; }

    /// <summary>Inodes.</summary>
    public long InodeCount { get; init; }

    /// <summary>Names in directories.</summary>
    public long NameCount { get; init; }

    /// <summary>Orphans that wait for their deletion.</summary>
    public long OrphanCount { get; init; }

    /// <summary>Blocks of data that belong to files.</summary>
    public long DataBlockCount { get; init; }

    /// <summary>Blocks of data that were read and compared.</summary>
    public long VerifiedBlockCount { get; init; }
}
