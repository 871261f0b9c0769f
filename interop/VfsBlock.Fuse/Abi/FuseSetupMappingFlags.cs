namespace VfsBlock.Fuse;

/// <summary>Flags of <see cref="FuseSetupMappingIn.Flags"/> (FUSE_SETUPMAPPING_FLAG_).</summary>
[Flags]
public enum FuseSetupMappingFlags : ulong
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Map for writing.</summary>
    Write = 1ul << 0,

    /// <summary>Map for reading.</summary>
    Read = 1ul << 1,
}
