namespace VfsBlock.Fuse;

/// <summary>What the kernel and the session agreed on at INIT; it does not change while the mount lives.</summary>
/// <param name="KernelMinor">The kernel's protocol minor (major 7).</param>
/// <param name="Minor">The minor in force: the smaller of the kernel's and ours.</param>
/// <param name="Offered">What the kernel offered.</param>
/// <param name="Flags">What is in force.</param>
/// <param name="MaxWriteBytes">The most data that one WRITE carries, in bytes.</param>
public sealed record FuseAgreement(
    uint KernelMinor, uint Minor, FuseInitFlags Offered, FuseInitFlags Flags, int MaxWriteBytes)
{
    /// <summary>The most data that one READ asks for, in bytes.</summary>
    public int MaxReadBytes { get; init; } = MaxWriteBytes;

    /// <summary>The kernel's read-ahead, in bytes.</summary>
    public int MaxReadaheadBytes { get; init; }

    /// <summary>Background requests under way at most.</summary>
    public int MaxBackground { get; init; }

    /// <summary>Background requests from which on the kernel holds back.</summary>
    public int CongestionThreshold { get; init; }

    /// <summary>True if everything in <paramref name="flags"/> is in force.</summary>
    public bool Has(FuseInitFlags flags) => (Flags & flags) == flags;

    /// <summary>One line for the log.</summary>
    public override string ToString() =>
        $"protocol 7.{Minor} (kernel 7.{KernelMinor}), max_write {MaxWriteBytes}, max_read {MaxReadBytes}, "
        + $"max_readahead {MaxReadaheadBytes}, max_background {MaxBackground}, congestion_threshold {CongestionThreshold}, "
        + $"flags 0x{(ulong)Flags:x} ({Flags}), offered 0x{(ulong)Offered:x}";
}
