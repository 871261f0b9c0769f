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
}
