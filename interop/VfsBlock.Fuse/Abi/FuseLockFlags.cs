namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseLockIn.LockFlags"/> (FUSE_LK_).</summary>
[Flags]
public enum FuseLockFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>A lock of flock(2), not of fcntl(2).</summary>
    Flock = 1u << 0,
}
