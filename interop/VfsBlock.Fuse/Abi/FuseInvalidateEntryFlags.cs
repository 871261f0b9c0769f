namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseNotifyInvalidateEntry.Flags"/>.</summary>
[Flags]
public enum FuseInvalidateEntryFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Look the name up again at its next use, but do not drop it (FUSE_EXPIRE_ONLY).</summary>
    ExpireOnly = 1u << 0,
}
