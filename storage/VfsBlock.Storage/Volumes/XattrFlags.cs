namespace VfsBlock.Storage;

/// <summary>How to set an extended attribute: the flags of setxattr(2).</summary>
[Flags]
public enum XattrFlags
{
    /// <summary>Made or replaced.</summary>
    None = 0,

    /// <summary>EEXIST if it is there.</summary>
    Create = 1,

    /// <summary>ENODATA if it is not.</summary>
    Replace = 2,

    /// <summary>Of an access control list: whoever sets it is not in the file's group, so the set-group-id bit goes (FUSE_SETXATTR_ACL_KILL_SGID).</summary>
    ClearSetGroupId = 1 << 8,
}
