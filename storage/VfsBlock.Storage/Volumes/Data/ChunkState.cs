namespace VfsBlock.Storage;

/// <summary>Where a <see cref="WriteChunk"/> is on its way to the device.</summary>
internal enum ChunkState
{
    /// <summary>The slot holds nothing.</summary>
    Free,

    /// <summary>It gathers writes; the file's extents do not know of them yet.</summary>
    Dirty,

    /// <summary>Its blocks have a place and the extents name it; the bytes are to be, or are being, written there.</summary>
    Placed,
}
