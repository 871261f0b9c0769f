namespace VfsBlock.Storage;

/// <summary>How blocks that are not in a frame are read.</summary>
public enum MetadataAccess
{
    /// <summary>Through a map where the device offers one, else by reads.</summary>
    Auto = 0,

    /// <summary>Through a read-only map; opening fails where the device cannot be mapped.</summary>
    Mapped,

    /// <summary>By reads into frames.</summary>
    Pread,
}
