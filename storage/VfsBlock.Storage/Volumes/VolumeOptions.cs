namespace VfsBlock.Storage;

/// <summary>How a volume behaves.</summary>
public sealed record VolumeOptions
{
    /// <summary>The smallest memory for nodes, in bytes: with less, the largest change would not fit even right after a commit.</summary>
    public const long MinFrameMemoryBytes = 16L << 20;

    /// <summary>Where times come from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// What the volume does without being asked: syncs, checkpoints, deletions. Null leaves it to the way of opening: <see cref="MaintenanceOptions.Default"/> for a volume
    /// in a file (<see cref="Volume.Open(string, VolumeOptions?)"/>), <see cref="MaintenanceOptions.Off"/> for one on a device that the caller brings
    /// (<see cref="Volume.Open(IBlockDevice, VolumeOptions?)"/>), who then says what happens when. Nothing on an image that is opened for reading.
    /// </summary>
    public MaintenanceOptions? Maintenance { get; init; }

    /// <summary>How the image below is opened; its clock is <see cref="Clock"/>. Less than <see cref="MinFrameMemoryBytes"/> for its frames counts as that.</summary>
    public BlockFileOptions File { get; init; } = BlockFileOptions.Default;

    /// <summary>The smallest <see cref="LogBatchBytes"/>: half of it holds the largest change, an extended attribute of 64 KiB.</summary>
    public const int MinLogBatchBytes = VolumeFormat.MinLogBytes / 4;

    /// <summary>The smallest <see cref="WriteBufferBytes"/>: it holds the largest write that is one change, wherever that begins.</summary>
    public const int MinWriteBufferBytes = 16 * WriteChunk.LengthBytes;

    /// <summary>Memory for what was written to files and is not on the device yet, in bytes. As much as fits the log batch is used, <see cref="MinWriteBufferBytes"/> at least.</summary>
    public int WriteBufferBytes { get; init; } = 16 << 20;

    /// <summary>
    /// The longest batch of the log, in bytes, from <see cref="MinLogBatchBytes"/> to 4 MiB; no more than a quarter of the log is used. Two of them are in memory.
    /// </summary>
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

    /// <summary>
    /// The most memory that replaying the log of an image which is opened for reading only may take, in bytes: nothing is written, so what the replay changes stays in memory
    /// until the volume is closed. About as much as the log holds at least, and 16 KiB for each node that it changes.
    /// </summary>
    public long ReadOnlyReplayBytes { get; init; } = 1L << 30;

    /// <summary>The most memory for changes that a replay of the log gathers, in bytes; half of what is there for nodes, if that is less.</summary>
    internal int ReplayWindowBytes { get; init; } = 1 << 30;

    /// <summary>How many changed nodes a replay of the log keeps in memory before it writes them, if memory does not end before.</summary>
    internal int ReplayNodeCount { get; init; } = int.MaxValue;

    /// <summary>The bits of a hash that count; for tests that need collisions.</summary>
    internal ulong HashMask { get; init; } = ulong.MaxValue;
}
