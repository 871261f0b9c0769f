namespace VfsBlock.Interop;

/// <summary>What a mapping of a file may do, and who sees it.</summary>
public enum MapAccess
{
    /// <summary>Shared and read-only: sees what anybody writes to the file. The file must be open for reading.</summary>
    ReadOnly = 0,

    /// <summary>Shared and writable: a write is a write to the file. The file must be open for reading and writing.</summary>
    ReadWrite = 1,

    /// <summary>Private and writable: a page is copied when it is first written, and the file never changes.</summary>
    CopyOnWrite = 2,
}
