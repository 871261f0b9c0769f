namespace VfsBlock.Fuse;

/// <summary>
/// Flags of <see cref="FuseOpenIn.OpenFlags"/> and <see cref="FuseCreateIn.OpenFlags"/> (FUSE_OPEN_).
/// </summary>
[Flags]
public enum FuseOpenInFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Clear set-user-id and set-group-id, as the open truncates.</summary>
    KillSuidGid = 1u << 0,
}
