namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseReadIn.ReadFlags"/> (FUSE_READ_).</summary>
[Flags]
public enum FuseReadFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The lock owner is valid.</summary>
    LockOwner = 1u << 1,
}
