namespace VfsBlock.Interop;

/// <summary>A time of the host's files.</summary>
/// <param name="Seconds">Seconds since 1970, negative before.</param>
/// <param name="Nanoseconds">0 to 999,999,999, counted forward also before 1970.</param>
public readonly record struct HostTime(long Seconds, uint Nanoseconds);
