namespace VfsBlock.Interop;

/// <summary>
/// How a file is opened: the <c>O_</c> flags of open(2).
/// </summary>
/// <remarks>
/// The values are those of include/uapi/asm-generic/fcntl.h on every machine. Where the kernel numbers some otherwise (on arm64
/// <see cref="Direct"/>, <see cref="LargeFile"/>, <see cref="Directory"/> and <see cref="NoFollow"/>), they are translated on the way to it.
/// The open and create requests of FUSE carry the kernel's own numbers.
/// </remarks>
[Flags]
public enum OpenFlags
{
    /// <summary>O_RDONLY: reads only. Not a bit: see <see cref="AccessMode"/>.</summary>
    ReadOnly = 0,

    /// <summary>O_WRONLY: writes only.</summary>
    WriteOnly = 0x1,

    /// <summary>O_RDWR: reads and writes.</summary>
    ReadWrite = 0x2,

    /// <summary>O_ACCMODE: the mask that holds the three above.</summary>
    AccessMode = 0x3,

    /// <summary>O_CREAT: make the file if it is missing.</summary>
    Create = 0x40,

    /// <summary>O_EXCL: with <see cref="Create"/>, fail with EEXIST if it is there.</summary>
    Exclusive = 0x80,

    /// <summary>O_NOCTTY: a terminal does not become the controlling one.</summary>
    NoControllingTerminal = 0x100,

    /// <summary>O_TRUNC: cut an existing file to length 0.</summary>
    Truncate = 0x200,

    /// <summary>O_APPEND: every write goes to the end of the file, also one that names an offset.</summary>
    Append = 0x400,

    /// <summary>O_NONBLOCK: EAGAIN rather than waiting, on pipes, sockets and devices.</summary>
    NonBlocking = 0x800,

    /// <summary>O_DSYNC: every write is durable, as by fdatasync(2), when it returns.</summary>
    DataSync = 0x1000,

    /// <summary>O_ASYNC: a signal when input or output becomes possible.</summary>
    Async = 0x2000,

    /// <summary>O_DIRECT: past the page cache; offsets, lengths and addresses must be aligned.</summary>
    Direct = 0x4000,

    /// <summary>O_LARGEFILE: set by the kernel itself on 64-bit systems.</summary>
    LargeFile = 0x8000,

    /// <summary>O_DIRECTORY: fail with ENOTDIR unless it is a directory.</summary>
    Directory = 0x1_0000,

    /// <summary>O_NOFOLLOW: fail with ELOOP if the last component is a symbolic link.</summary>
    NoFollow = 0x2_0000,

    /// <summary>O_NOATIME: reads leave the access time alone.</summary>
    NoAccessTime = 0x4_0000,

    /// <summary>O_CLOEXEC: not inherited by a program this process starts.</summary>
    CloseOnExec = 0x8_0000,

    /// <summary>The bit that O_SYNC has beyond O_DSYNC; means nothing alone.</summary>
    SyncBit = 0x10_0000,

    /// <summary>O_SYNC: as <see cref="DataSync"/>, with all of the file's attributes.</summary>
    Sync = SyncBit | DataSync,

    /// <summary>O_PATH: a name for the file only; reads and writes fail with EBADF.</summary>
    Path = 0x20_0000,

    /// <summary>The bit that O_TMPFILE has beyond O_DIRECTORY; means nothing alone.</summary>
    TemporaryFileBit = 0x40_0000,

    /// <summary>O_TMPFILE: a file without a name in the directory that the path names.</summary>
    TemporaryFile = TemporaryFileBit | Directory,
}
