namespace VfsBlock.Fuse;

/// <summary>What an extension of a request holds (enum fuse_ext_type).</summary>
public enum FuseExtensionType : uint
{
    /// <summary>
    /// Values up to this one are no type but a count: a <see cref="FuseSecurityContextHeader"/> follows.
    /// </summary>
    MaxSecurityContextCount = 31,

    /// <summary>A <see cref="VfsBlock.Fuse.FuseSupplementaryGroups"/> follows.</summary>
    SupplementaryGroups = 32,
}
