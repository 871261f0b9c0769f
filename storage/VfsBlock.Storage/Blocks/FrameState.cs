namespace VfsBlock.Storage;

/// <summary>What a frame holds.</summary>
internal enum FrameState : byte
{
    /// <summary>Nothing; its memory is in the pool.</summary>
    Free = 0,

    /// <summary>Nothing yet, or a copy that only its owner sees.</summary>
    Private,

    /// <summary>Blocks as the device has them; may be evicted.</summary>
    Clean,

    /// <summary>Blocks that the open generation changed.</summary>
    Dirty,

    /// <summary>Blocks that a commit is writing: nobody changes them.</summary>
    Frozen,

    /// <summary>Blocks that the device does not have and may not get: a read-only image's redo list.</summary>
    Overlay,
}
