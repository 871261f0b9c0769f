namespace VfsBlock.Storage;

/// <summary>The limits of a volume's namespace.</summary>
public static class VolumeLimits
{
    /// <summary>The longest name, in bytes (NAME_MAX).</summary>
    public const int MaxNameBytes = 255;

    /// <summary>The longest target of a symbolic link, in bytes (PATH_MAX without its NUL).</summary>
    public const int MaxSymlinkBytes = 4095;

    /// <summary>The longest value of an extended attribute, in bytes (XATTR_SIZE_MAX of linux/limits.h).</summary>
    public const int MaxXattrBytes = 65536;

    /// <summary>Bytes that the names of a file's extended attributes may take, each with its NUL (XATTR_LIST_MAX).</summary>
    public const int MaxXattrListBytes = 65536;

    /// <summary>How many names a file may have; how high a directory's link count may be.</summary>
    public const uint MaxLinkCount = uint.MaxValue - 1;
}
