using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct cuse_init_out</c> (72 bytes): answers a CUSE init; the device info string follows.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CuseInitOut
{
    /// <summary>Major version of the protocol.</summary>
    public uint Major;

    /// <summary>Minor version of the protocol.</summary>
    public uint Minor;

    /// <summary>Not used; zero.</summary>
    public uint Unused;

    /// <summary>What the server agrees to.</summary>
    public CuseInitFlags Flags;

    /// <summary>Longest read in bytes.</summary>
    public uint MaxRead;

    /// <summary>Longest write in bytes.</summary>
    public uint MaxWrite;

    /// <summary>Major number of the device; 0 lets the kernel choose.</summary>
    public uint DeviceMajor;

    /// <summary>Minor number of the device.</summary>
    public uint DeviceMinor;

    /// <summary>Not used; zero.</summary>
    public fixed uint Spare[10];
}
