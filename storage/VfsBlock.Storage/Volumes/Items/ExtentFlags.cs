namespace VfsBlock.Storage;

/// <summary>What an extent is besides a run of blocks (FORMAT.md section 4.6).</summary>
[Flags]
internal enum ExtentFlags : ushort
{
    /// <summary>Plain data of one file.</summary>
    None = 0,

    /// <summary>Set aside and never written: it reads as zeros.</summary>
    Unwritten = 1,

    /// <summary>Another extent may refer to the same blocks: ask the shared-extent tree.</summary>
    MayBeShared = 2,

    /// <summary>Reserved for what comes; a version 1 image has none.</summary>
    Compressed = 4,

    /// <summary>Reserved for what comes; a version 1 image has none.</summary>
    Encrypted = 8,
}
