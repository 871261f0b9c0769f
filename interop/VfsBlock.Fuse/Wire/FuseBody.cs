namespace VfsBlock.Fuse;

/// <summary>What follows the argument struct of a request, and so which rules it must meet.</summary>
public enum FuseBody
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A name in a directory, or "." or "..".</summary>
    LookupName,

    /// <summary>A name in a directory.</summary>
    Name,

    /// <summary>A name in a directory, then another.</summary>
    TwoNames,

    /// <summary>A name in a directory, then the target of a symbolic link.</summary>
    NameAndTarget,

    /// <summary>A name that stands for none ("/", of an unnamed file).</summary>
    Placeholder,

    /// <summary>The name of an extended attribute.</summary>
    XattrName,

    /// <summary>The name of an extended attribute, then its value.</summary>
    XattrNameAndValue,

    /// <summary>Bytes, as many as the argument says.</summary>
    Data,

    /// <summary><see cref="FuseForgetOne"/>, as many as the argument says.</summary>
    ForgetList,

    /// <summary><see cref="FuseRemoveMappingOne"/>, as many as the argument says.</summary>
    MappingList,
}
