namespace VfsBlock.Interop;

/// <summary>What an <see cref="IoRequest"/> does.</summary>
public enum IoOperation
{
    /// <summary>Fills the buffers from the file.</summary>
    Read,

    /// <summary>Writes the buffers to the file.</summary>
    Write,

    /// <summary>fsync(2): data and attributes become durable.</summary>
    Sync,

    /// <summary>fdatasync(2): data, and what is needed to read it back, becomes durable.</summary>
    DataSync,
}
