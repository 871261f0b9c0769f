namespace VfsBlock.Storage.TestKit;

/// <summary>What a <see cref="SimDisk"/> records.</summary>
public enum SimEventKind
{
    /// <summary>A write was handed to the disk. From now on a power cut may leave it, all or in part.</summary>
    Write,

    /// <summary>A write was reported done: what is completed when a flush starts is durable after it.</summary>
    Completion,

    /// <summary>A flush succeeded.</summary>
    Flush,

    /// <summary>The size changed. Durable after the next flush.</summary>
    Resize,

    /// <summary>A range was given back: it reads as zeros. Durable after the next flush.</summary>
    Discard,
}
