namespace VfsBlock.Fuse;

/// <summary>Flags of getattr and statx (FUSE_GETATTR_).</summary>
[Flags]
public enum FuseGetAttrFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The file handle is valid.</summary>
    FileHandle = 1u << 0,
}
