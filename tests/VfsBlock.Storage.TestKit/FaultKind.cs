namespace VfsBlock.Storage.TestKit;

/// <summary>What a <see cref="FaultyDevice"/> does wrong.</summary>
public enum FaultKind
{
    /// <summary>A read fails; its buffer holds noise.</summary>
    ReadError,

    /// <summary>A read succeeds with one bit wrong.</summary>
    ReadBitFlip,

    /// <summary>A write fails and stores nothing.</summary>
    WriteError,

    /// <summary>A write stores its beginning, then fails.</summary>
    ShortWrite,

    /// <summary>A write is reported done and stored nowhere.</summary>
    LostWrite,

    /// <summary>A write is reported done and stored somewhere else.</summary>
    MisdirectedWrite,

    /// <summary>A flush fails; the device under it is not flushed.</summary>
    FlushError,

    /// <summary>A change of size fails.</summary>
    ResizeError,
}
