namespace VfsBlock.Tool;

/// <summary>How the command ended; the numbers are part of its interface.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>Something that has no number of its own; the message says what.</summary>
    Failed = 1,

    /// <summary>The command line makes no sense.</summary>
    Usage = 2,

    /// <summary>This machine lacks something: /dev/fuse, or fusermount3 for anybody but root.</summary>
    Missing = 3,

    /// <summary>The directory cannot be mounted on: absent, no directory, mounted already.</summary>
    BadMountPoint = 4,

    /// <summary>The mount is in use and was not unmounted.</summary>
    Busy = 5,

    /// <summary>Nothing of ours is mounted there.</summary>
    NotMounted = 6,

    /// <summary>The image cannot be used: absent, no image, in use by another mount, damaged, too new.</summary>
    BadImage = 7,

    /// <summary>A check found something wrong.</summary>
    Damaged = 8,

    /// <summary>Done, but some entries were left out; a message names each.</summary>
    Partial = 9,

    /// <summary>A signal ended it; the image is sound.</summary>
    Interrupted = 130,
}
