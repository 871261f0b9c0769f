namespace VfsBlock.Fuse;

/// <summary>
/// How much the kernel reads ahead and keeps dirty for one mount (its "backing device info", /sys/class/bdi). The FUSE
/// defaults are meant for servers that nobody trusts: 128 KiB of read-ahead whatever INIT says, and little dirty data.
/// </summary>
/// <remarks>Null leaves a setting as it is. Source: the kernel's Documentation/ABI/testing/sysfs-class-bdi.</remarks>
public sealed record BdiSettings
{
    /// <summary><c>read_ahead_kb</c>, in KiB: the longest READ of a sequential reader. INIT's answer can lower it, so set it after INIT.</summary>
    public int? ReadAheadKiB { get; init; }

    /// <summary><c>max_ratio</c>, 0 to 100: the share of all dirty memory that this mount may hold, in percent.</summary>
    public int? MaxRatioPercent { get; init; }

    /// <summary><c>strict_limit</c>: whether the share holds at all times, not only when memory is short.</summary>
    public bool? StrictLimit { get; init; }
}
