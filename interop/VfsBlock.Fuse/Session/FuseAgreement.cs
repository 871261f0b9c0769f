namespace VfsBlock.Fuse;

/// <summary>What the kernel and the session agreed on at INIT; it does not change while the mount lives.</summary>
/// <param name="KernelMinor">The kernel's protocol minor (major 7).</param>
/// <param name="Minor">The minor in force: the smaller of the kernel's and ours.</param>
/// <param name="Offered">What the kernel offered.</param>
/// <param name="Flags">What is in force.</param>
/// <param name="MaxWriteBytes">The most data that one WRITE carries, in bytes.</param>
public sealed record FuseAgreement(
    uint KernelMinor, uint Minor, FuseInitFlags Offered, FuseInitFlags Flags, int MaxWriteBytes);
