using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary><c>struct statx_timestamp</c> of linux/stat.h: seconds since 1970 and nanoseconds, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StatxTimestamp
{
    public long Seconds;
    public uint Nanoseconds;
    private readonly int _reserved;
}
