namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseSetXattrIn.SetXattrFlags"/> (FUSE_SETXATTR_).</summary>
[Flags]
public enum FuseSetXattrFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Clear set-group-id, as an access control list is set.</summary>
    AclKillSgid = 1u << 0,
}
