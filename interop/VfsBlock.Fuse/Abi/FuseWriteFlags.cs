namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseWriteIn.WriteFlags"/> (FUSE_WRITE_).</summary>
[Flags]
public enum FuseWriteFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>A delayed write from the page cache; the file handle is a guess.</summary>
    Cache = 1u << 0,

    /// <summary>The lock owner is valid.</summary>
    LockOwner = 1u << 1,

    /// <summary>Clear set-user-id and set-group-id.</summary>
    KillSuidGid = 1u << 2,
}
