namespace VfsBlock.Storage.Tests;

/// <summary>What the volume of a test lies on, and by that how its nodes are read.</summary>
internal enum VolumeGround
{
    /// <summary>A simulated disk, which has no map: nodes are read into frames.</summary>
    Simulated,

    /// <summary>Memory, mapped.</summary>
    Mapped,

    /// <summary>A block device of the kernel's, which is not mapped and has the size that it has.</summary>
    Loop,
}
