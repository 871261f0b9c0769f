namespace VfsBlock.Storage;

/// <summary>What an open volume does without being asked, and when. A thread of the volume's own does it; see <see cref="VolumeOptions.Maintenance"/>.</summary>
public sealed record MaintenanceOptions
{
    /// <summary>The volume does nothing by itself: the caller syncs, makes checkpoints and calls <see cref="Volume.DeleteOrphans"/>.</summary>
    public static MaintenanceOptions Off { get; } = new() { IsOn = false };

    /// <summary>What holds unless told otherwise.</summary>
    public static MaintenanceOptions Default { get; } = new();

    /// <summary>False for nothing at all.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>
    /// How long a change waits for somebody's sync; then it is made durable anyway. It bounds what a crash takes from programs that never sync.
    /// From 1 ms to 24 days; 5 s as for ext4 (its mount option commit=5).
    /// </summary>
    public TimeSpan CommitInterval { get; init => field = Checked(value); } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the log holds something before a checkpoint empties it, if it is not half full before. An image that nobody changes any more is then clean:
    /// opening it needs no replay. From 1 ms to 24 days.
    /// </summary>
    public TimeSpan CheckpointInterval { get; init => field = Checked(value); } = TimeSpan.FromSeconds(30);

    private static TimeSpan Checked(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromDays(24));
        return interval;
    }
}
