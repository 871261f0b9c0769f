using System.Runtime.InteropServices;

namespace VfsBlock.Fuse;

/// <summary><c>struct fuse_open_out</c> (16 bytes): answers open and opendir.</summary>
/// <remarks>Source: linux/fuse.h.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FuseOpenOut
{
    /// <summary>Handle of the open file, chosen by the server; comes back in every request on it.</summary>
    public ulong FileHandle;

    /// <summary>How the kernel shall treat the open file.</summary>
    public FuseOpenFlags OpenFlags;

    /// <summary>With PASSTHROUGH: the backing file, as FUSE_DEV_IOC_BACKING_OPEN gave it; else 0.</summary>
    public int BackingId;
}
