namespace VfsBlock.Storage;

/// <summary>How a <see cref="FileDevice"/> is opened.</summary>
public sealed record FileDeviceOptions
{
    /// <summary>Open it for reading only, beside others who do.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>
    /// Look without asking for the lock, also while somebody writes: what is read may change between two reads. Only with <see cref="IsReadOnly"/>.
    /// </summary>
    public bool IgnoresLock { get; init; }

    /// <summary>Write past the page cache where the file system allows it. False: through the page cache, as where it refuses.</summary>
    public bool UseDirectIo { get; init; } = true;
}
