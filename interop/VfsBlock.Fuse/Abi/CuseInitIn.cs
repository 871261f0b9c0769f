using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary>
/// <c>struct cuse_init_in</c> (16 bytes): opens the conversation of a character device in user space.
/// </summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct CuseInitIn
{
    /// <summary>Major version of the protocol.</summary>
    public uint Major;

    /// <summary>Minor version of the protocol.</summary>
    public uint Minor;

    /// <summary>Not used; zero.</summary>
    public uint Unused;

    /// <summary>What the kernel offers.</summary>
    public CuseInitFlags Flags;
}
