namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseFsyncIn.FsyncFlags"/> (FUSE_FSYNC_).</summary>
[Flags]
public enum FuseFsyncFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The data, and only the attributes needed to read them: fdatasync(2).</summary>
    DataOnly = 1u << 0,
}
