using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_init_out</c> (64 bytes): answers init: what the server agrees to. May be cut to 24 or 8 bytes for old
/// kernels.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FuseInitOut
{
    /// <summary>Major version of the protocol.</summary>
    public uint Major;

    /// <summary>Minor version of the protocol.</summary>
    public uint Minor;

    /// <summary>Longest read-ahead in bytes; can only lower the offer.</summary>
    public uint MaxReadahead;

    /// <summary>Bits 0 to 31 of <see cref="FuseInitFlags"/>.</summary>
    public uint FlagsLow;

    /// <summary>Number of background requests at a time; 0 stands for 12.</summary>
    public ushort MaxBackground;

    /// <summary>
    /// Number of background requests from which on the kernel holds back; 0 stands for 3/4 of the maximum.
    /// </summary>
    public ushort CongestionThreshold;

    /// <summary>Longest write in bytes, 4096 or more.</summary>
    public uint MaxWrite;

    /// <summary>Resolution of timestamps in nanoseconds, 1 to 10^9.</summary>
    public uint TimeGranularity;

    /// <summary>Longest request in pages, if MAX_PAGES was agreed.</summary>
    public ushort MaxPages;

    /// <summary>Base-2 logarithm of the alignment of DAX mappings; virtiofs only.</summary>
    public ushort MapAlignment;

    /// <summary>Bits 32 to 63 of <see cref="FuseInitFlags"/>; ignored unless INIT_EXT is among the low ones.</summary>
    public uint FlagsHigh;

    /// <summary>With PASSTHROUGH: how many stacked file systems there may be, 1 or 2.</summary>
    public uint MaxStackDepth;

    /// <summary>With REQUEST_TIMEOUT: seconds after which an unanswered request aborts the connection.</summary>
    public ushort RequestTimeout;

    /// <summary>Not used; zero.</summary>
    public fixed ushort Unused[11];
}
