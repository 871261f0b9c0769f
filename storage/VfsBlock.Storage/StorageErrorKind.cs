namespace VfsBlock.Storage;

/// <summary>Why an image could not be made, opened or used: what a caller decides by.</summary>
public enum StorageErrorKind
{
    /// <summary>There is no such file or device.</summary>
    NotFound,

    /// <summary>It exists already, and nothing was changed.</summary>
    Exists,

    /// <summary>It is no image: its first bytes are something else's.</summary>
    NotRecognised,

    /// <summary>It is an image, and shorter than it says.</summary>
    Truncated,

    /// <summary>It is an image of a version, or with a feature, that this program does not know.</summary>
    TooNew,

    /// <summary>It is an image, and a structure in it is damaged.</summary>
    Corrupt,

    /// <summary>Another opener has it.</summary>
    Locked,

    /// <summary>It can only be read.</summary>
    ReadOnly,

    /// <summary>The host failed; <see cref="StorageException.Error"/> says how.</summary>
    Io,

    /// <summary>What was asked for makes no sense.</summary>
    Invalid,
}
