using System.Runtime.InteropServices;

namespace Tmds.Linux;

/// <summary><c>struct timespec</c> (16 bytes): a time since 1970.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct timespec : IEquatable<timespec>
{
    /// <summary>Seconds since 1970.</summary>
    public time_t tv_sec;

    /// <summary>Nanoseconds on top, 0 to 999999999; or <see cref="LibC.UTIME_NOW"/> or <see cref="LibC.UTIME_OMIT"/> where utimensat(2) takes them.</summary>
    public long_t tv_nsec;

    /// <summary>Whether both are the same time.</summary>
    public static bool operator ==(timespec left, timespec right) => left.Equals(right);

    /// <summary>Whether they are different times.</summary>
    public static bool operator !=(timespec left, timespec right) => !left.Equals(right);

    /// <inheritdoc/>
    public readonly bool Equals(timespec other) => tv_sec == other.tv_sec && tv_nsec == other.tv_nsec;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is timespec other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(tv_sec, tv_nsec);
}
