namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseReleaseIn.ReleaseFlags"/> (FUSE_RELEASE_).</summary>
[Flags]
public enum FuseReleaseFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Flush too. The kernel never sets it.</summary>
    Flush = 1u << 0,

    /// <summary>Drop the flock(2) lock of the lock owner.</summary>
    FlockUnlock = 1u << 1,
}
