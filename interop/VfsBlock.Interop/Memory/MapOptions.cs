namespace VfsBlock.Interop;

/// <summary>Wishes on how a region is mapped.</summary>
[Flags]
public enum MapOptions
{
    /// <summary>Nothing special: pages arrive when they are touched.</summary>
    None = 0,

    /// <summary>
    /// Reads the whole range in before the call returns (MAP_POPULATE). Pages that could not be read are not reported;
    /// <see cref="MemoryRegion.PopulateForReading"/> reports them.
    /// </summary>
    ReadAhead = 1,

    /// <summary>
    /// Asks for huge pages: from the reserved pool for anonymous memory, else transparent ones.
    /// <see cref="MappedRegion.Backing"/> says what was had; lacking them is no error.
    /// </summary>
    HugePages = 2,

    /// <summary>The processor may run code from the region (PROT_EXEC).</summary>
    Executable = 4,

    /// <summary>
    /// Allocates the file's blocks for the range first, extending the file if it ends before it. A full disk is then the
    /// error ENOSPC here, not a SIGBUS at some later store. The file must be open for writing.
    /// </summary>
    AllocateSpace = 8,
}
