namespace VfsBlock.Storage;

/// <summary>How a volume behaves.</summary>
public sealed record VolumeOptions
{
    /// <summary>Where times come from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How the image below is opened.</summary>
    public BlockFileOptions File { get; init; } = BlockFileOptions.Default;

    /// <summary>Memory for what was written to files and is not on the device yet, in bytes.</summary>
    public int WriteBufferBytes { get; init; } = 16 << 20;

    /// <summary>The longest batch of the log, in bytes, 4 MiB at most. Two of them are in memory.</summary>
    public int LogBatchBytes { get; init; } = 2 << 20;

    /// <summary>
    /// Called when something on disk is not what it can be: with the inode that it belongs to, or none if it is a node of a tree. On the thread of
    /// the request, the volume's lock held: it must be quick and not call the volume.
    /// </summary>
    public Action<InodeNumber>? DamageFound { get; init; }

    /// <summary>How high a link count may become; for tests of EMLINK.</summary>
    internal uint MaxLinkCount { get; init; } = VolumeLimits.MaxLinkCount;

    /// <summary>How many extents one change takes; more take several, and are no longer changed as one where that is allowed.</summary>
    internal int MaxExtentsPerChange { get; init; } = 32;

    /// <summary>The bits of a hash that count; for tests that need collisions.</summary>
    internal ulong HashMask { get; init; } = ulong.MaxValue;
}
