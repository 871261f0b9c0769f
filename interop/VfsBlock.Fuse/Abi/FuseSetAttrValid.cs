namespace VfsBlock.Fuse;

/// <summary>Which fields of <see cref="FuseSetAttrIn"/> to apply (FATTR_).</summary>
[Flags]
public enum FuseSetAttrValid : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Set the permissions.</summary>
    Mode = 1u << 0,

    /// <summary>Set the owner's user id.</summary>
    Uid = 1u << 1,

    /// <summary>Set the owner's group id.</summary>
    Gid = 1u << 2,

    /// <summary>Set the size: truncate or extend.</summary>
    Size = 1u << 3,

    /// <summary>Set the access time.</summary>
    Atime = 1u << 4,

    /// <summary>Set the content time.</summary>
    Mtime = 1u << 5,

    /// <summary>The file handle is valid.</summary>
    FileHandle = 1u << 6,

    /// <summary>Take the access time from the server's clock.</summary>
    AtimeNow = 1u << 7,

    /// <summary>Take the content time from the server's clock.</summary>
    MtimeNow = 1u << 8,

    /// <summary>The lock owner is valid.</summary>
    LockOwner = 1u << 9,

    /// <summary>Set the attribute time.</summary>
    Ctime = 1u << 10,

    /// <summary>Clear set-user-id and set-group-id.</summary>
    KillSuidGid = 1u << 11,
}
