namespace VfsBlock.Interop;

/// <summary>
/// What one transfer asks for beyond moving bytes: the <c>RWF_</c> flags of preadv2(2) and of <c>aio_rw_flags</c>.
/// </summary>
/// <remarks>
/// The kernel answers EOPNOTSUPP where the file system or the kernel lacks a flag; ask first with
/// <see cref="HostFile.ProbeRwFlags"/>. Values: include/uapi/linux/fs.h.
/// </remarks>
[Flags]
public enum RwFlags
{
    /// <summary>A plain transfer.</summary>
    None = 0,

    /// <summary>RWF_HIPRI: poll for completion; heeded by O_DIRECT on devices with polling queues, else without effect.</summary>
    HighPriority = 0x01,

    /// <summary>RWF_DSYNC: the data written, and what is needed to read it back, is durable when the call returns.</summary>
    DataSync = 0x02,

    /// <summary>RWF_SYNC: as <see cref="DataSync"/>, with all of the file's attributes.</summary>
    Sync = 0x04,

    /// <summary>RWF_NOWAIT: fail with EAGAIN, or move less, rather than wait for a disk or a lock.</summary>
    NoWait = 0x08,

    /// <summary>RWF_APPEND: write at the end of the file, whatever the offset says.</summary>
    Append = 0x10,

    /// <summary>RWF_NOAPPEND (Linux 6.9): write at the offset although the file was opened with O_APPEND.</summary>
    NoAppend = 0x20,

    /// <summary>RWF_ATOMIC (Linux 6.11): after a crash either all of the write is there or none of it. Needs O_DIRECT.</summary>
    Atomic = 0x40,

    /// <summary>RWF_DONTCACHE (Linux 6.14): do not leave the pages in the page cache once the transfer is done with them.</summary>
    DontCache = 0x80,
}
