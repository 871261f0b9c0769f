namespace VfsBlock.Storage;

/// <summary>What a root record says of the image's condition.</summary>
internal enum RootState
{
    /// <summary>The last user closed it.</summary>
    Clean = 0,

    /// <summary>Somebody has it open for writing, or died with it open.</summary>
    InUse = 1,

    /// <summary>A damaged structure was found.</summary>
    Damaged = 2,
}
