using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_sx_time</c> (16 bytes): a point in time within <see cref="FuseStatx"/>.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseStatxTimestamp
{
    /// <summary>Seconds since 1970; negative before.</summary>
    public long Seconds;

    /// <summary>Nanoseconds, 0 to 999999999.</summary>
    public uint Nanoseconds;

    /// <summary>Not used; zero.</summary>
    public int Padding;
}
