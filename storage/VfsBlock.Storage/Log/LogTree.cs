namespace VfsBlock.Storage;

/// <summary>Which tree a record of the intent log changes (FORMAT.md section 3); the numbers are on disk.</summary>
public enum LogTree : byte
{
    /// <summary>The system tree.</summary>
    System = 0,

    /// <summary>The tree of shared extents.</summary>
    SharedExtents = 1,

    /// <summary>The file tree.</summary>
    File = 2,
}
