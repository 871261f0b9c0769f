namespace VfsBlock.Fuse;

/// <summary>Flags of an ioctl (FUSE_IOCTL_).</summary>
[Flags]
public enum FuseIoctlFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>A 32-bit caller on a 64-bit kernel.</summary>
    Compat = 1u << 0,

    /// <summary>The server may ask for any memory of the caller (CUSE).</summary>
    Unrestricted = 1u << 1,

    /// <summary>Reply: come again with the ranges that follow.</summary>
    Retry = 1u << 2,

    /// <summary>The caller is a 32-bit one.</summary>
    Is32Bit = 1u << 3,

    /// <summary>The file is a directory.</summary>
    Directory = 1u << 4,

    /// <summary>An x32 caller: 64-bit time_t on 32-bit pointers.</summary>
    CompatX32 = 1u << 5,
}
