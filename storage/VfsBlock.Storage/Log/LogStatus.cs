namespace VfsBlock.Storage;

/// <summary>How reading the intent log went on.</summary>
public enum LogStatus
{
    /// <summary>There was one more.</summary>
    Ok,

    /// <summary>There is no more; nothing is wrong.</summary>
    End,

    /// <summary>The checksum is right and the contents make no sense: not a torn write. The image is not to be believed.</summary>
    Damaged,

    /// <summary>The device could not read it. What lies behind is unknown, so replaying only a part would lie.</summary>
    ReadFailed,
}
