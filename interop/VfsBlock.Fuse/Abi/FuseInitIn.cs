using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct fuse_init_in</c> (64 bytes): opens the conversation: what the kernel offers. Kernels before 7.36 send the
/// first 16 bytes.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FuseInitIn
{
    /// <summary>Major version of the protocol.</summary>
    public uint Major;

    /// <summary>Minor version of the protocol.</summary>
    public uint Minor;

    /// <summary>Longest read-ahead in bytes.</summary>
    public uint MaxReadahead;

    /// <summary>Bits 0 to 31 of <see cref="FuseInitFlags"/>.</summary>
    public uint FlagsLow;

    /// <summary>Bits 32 to 63 of <see cref="FuseInitFlags"/>, if INIT_EXT is among the low ones.</summary>
    public uint FlagsHigh;

    /// <summary>Not used; zero.</summary>
    public fixed uint Unused[11];
}
