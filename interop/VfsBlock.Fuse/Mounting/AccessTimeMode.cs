namespace VfsBlock.Fuse;

/// <summary>When the kernel says that reading a file changes its access time (mount(8), the atime options).</summary>
public enum AccessTimeMode
{
    /// <summary><c>relatime</c>: once a day, and after a change. What the kernel does unless told.</summary>
    Relative,

    /// <summary><c>noatime</c>: never.</summary>
    Never,

    /// <summary><c>strictatime</c>: at every read.</summary>
    Strict,
}
