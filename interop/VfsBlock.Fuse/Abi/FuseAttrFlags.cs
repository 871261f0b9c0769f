namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseAttr.Flags"/> (FUSE_ATTR_); both are for virtiofs alone.</summary>
[Flags]
public enum FuseAttrFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>The node is the root of another file system on the host.</summary>
    Submount = 1u << 0,

    /// <summary>The file may be mapped through DAX.</summary>
    Dax = 1u << 1,
}
