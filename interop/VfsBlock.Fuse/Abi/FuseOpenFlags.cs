namespace VfsBlock.Fuse;

/// <summary>How the kernel treats an open file: flags of <see cref="FuseOpenOut.OpenFlags"/> (FOPEN_).</summary>
[Flags]
public enum FuseOpenFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Bypass the page cache.</summary>
    DirectIo = 1u << 0,

    /// <summary>Keep what the page cache holds of the file.</summary>
    KeepCache = 1u << 1,

    /// <summary>The file cannot be sought in.</summary>
    NonSeekable = 1u << 2,

    /// <summary>The kernel may cache the listing of the directory.</summary>
    CacheDirectory = 1u << 3,

    /// <summary>The file has no position at all.</summary>
    Stream = 1u << 4,

    /// <summary>Send no flush on close; ignored with the write-back cache.</summary>
    NoFlush = 1u << 5,

    /// <summary>Let direct writes within the file run side by side; needs <see cref="DirectIo"/>.</summary>
    ParallelDirectWrites = 1u << 6,

    /// <summary>Read and write the backing file named by <see cref="FuseOpenOut.BackingId"/>.</summary>
    Passthrough = 1u << 7,
}
