namespace VfsBlock.Fuse;

/// <summary>The agreements that change the size of structs on the wire.</summary>
/// <param name="Minor">The protocol's minor version in force.</param>
/// <param name="HasLongSetXattr">SETXATTR_EXT was agreed: <see cref="FuseSetXattrIn"/> comes with all its bytes.</param>
public readonly record struct FuseDialect(uint Minor, bool HasLongSetXattr)
{
    /// <summary>What this library would speak with a kernel of its own age; right for reading INIT from any kernel.</summary>
    public static FuseDialect Newest => new(FuseProtocol.Minor, HasLongSetXattr: true);

    /// <summary>The dialect of a connection.</summary>
    /// <param name="minor">The minor version in force.</param>
    /// <param name="flags">The flags in force.</param>
    public static FuseDialect Of(uint minor, FuseInitFlags flags) =>
        new(minor, (flags & FuseInitFlags.SetXattrExtension) != 0);
}
