namespace VfsBlock.Fuse;

/// <summary>Flags of a CUSE init (CUSE_).</summary>
[Flags]
public enum CuseInitFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Any ioctl may be served.</summary>
    UnrestrictedIoctl = 1u << 0,
}
